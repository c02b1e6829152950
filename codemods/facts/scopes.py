"""Which scope owns a name, and everything that binds it there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
# Or a type parameter, on interpreters that know them: the first of a generic
# definition stands for the scope of all of them.
ScopeNode = ast.AST
FRAMES = ast.Module | ast.ClassDef | Function

Kind = Literal[
    "assign",
    "augment",
    "unpack",
    "for",
    "with",
    "walrus",
    "import",
    "def",
    "class",
    "param",
    "except",
    "match",
    "delete",
    "type",
    "unbound",
    "unknown",
]


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One binding of a name.

    "unbound" stands for a path on which nothing was bound, "unknown" for whatever a
    star import, `exec` or `globals()` may have bound. `node` is what binds (a Name,
    arg, alias, def, handler, pattern or type parameter). `value` is the
    expression bound for "assign" and "walrus", the whole right side for "unpack", the
    iterable for "for", the context manager for "with", the operand for "augment", the
    default for "param"; None for the rest and for a bare annotation.
    """

    name: str
    kind: Kind
    node: ast.AST
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    # The operator of an "augment".
    op: ast.operator | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace and what is bound in it by the code of the file."""

    node: ScopeNode
    parent: Scope | None
    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    # Names of this scope that other code rebinds at any time: a nested function by
    # global or nonlocal, a generator by a walrus.
    shared: set[str] = field(default_factory=set)
    children: list[Scope] = field(default_factory=list)
    names: list[ast.Name] = field(default_factory=list)
    # Set where exec, eval, locals, vars or globals may see names by their spelling.
    dynamic: bool = False
    # Set where exec or globals() may rebind names of this scope unseen.
    unseen: bool = False
    stars: list[str] = field(default_factory=list)
    _owners: dict[str, Scope | None] = field(default_factory=dict)

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def is_comprehension(self) -> bool:
        return isinstance(self.node, Comprehension)

    @property
    def in_generator(self) -> bool:
        """Whether this is a generator expression's scope, or inside one."""
        scope: Scope | None = self
        while scope is not None and scope.is_comprehension:
            if isinstance(scope.node, ast.GeneratorExp):
                return True
            scope = scope.parent
        return False

    @property
    def frame(self) -> Scope:
        """The function, class or module in which this scope's code runs."""
        scope = self
        while not isinstance(scope.node, FRAMES):
            assert scope.parent is not None
            scope = scope.parent
        return scope

    def owner(self, name: str) -> Scope | None:
        """The scope whose variable `name` means here; None for a builtin.

        To be asked once all scopes are known: answers are remembered.
        """
        if name not in self._owners:
            self._owners[name] = self.find_owner(name)
        return self._owners[name]

    def find_owner(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None:
            if scope is self or not isinstance(scope.node, ast.ClassDef):
                if name in scope.globals:
                    module = scope.module
                    return module if name in module.definitions else None
                if name in scope.definitions and name not in scope.nonlocals:
                    return scope
            scope = scope.parent
        return None

    def walk(self) -> Iterator[Scope]:
        """This scope and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Scopes:
    module: Scope
    of_name: dict[ast.Name, Scope]
    of_node: dict[ast.AST, Scope]
    # The definitions that a node binds: Name, arg, alias, def, class, handler, pattern.
    bound_by: dict[ast.AST, Definition]

    @cached_property
    def named(self) -> dict[str, list[ast.Name]]:
        """Every Name of the module by its identifier, in order of position."""
        found: dict[str, list[ast.Name]] = {}
        ordered = sorted(self.of_name, key=lambda name: (name.lineno, name.col_offset))
        for name in ordered:
            found.setdefault(name.id, []).append(name)
        return found
