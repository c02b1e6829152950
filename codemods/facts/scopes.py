"""Which scope owns a name, and everything that binds it there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
ScopeNode = ast.Module | ast.ClassDef | Function | Comprehension

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
    "unbound",
]


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One binding of a name.

    `node` is what binds (a Name, arg, alias, def, handler or pattern). `value` is the
    expression bound for "assign" and "walrus", the whole right side for "unpack", the
    iterable for "for", the context manager for "with", the operand for "augment", the
    default for "param"; None for the rest and for a bare annotation.
    """

    name: str
    kind: Kind
    node: ast.AST
    value: ast.expr | None = None
    annotation: ast.expr | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace and what is bound in it by the code of the file."""

    node: ScopeNode
    parent: Scope | None
    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    # Names of this scope that a nested function rebinds by global or nonlocal.
    shared: set[str] = field(default_factory=set)
    children: list[Scope] = field(default_factory=list)
    names: list[ast.Name] = field(default_factory=list)
    # Set where exec, eval, locals, vars or globals may see names by their spelling.
    dynamic: bool = False
    stars: list[str] = field(default_factory=list)

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
    def frame(self) -> Scope:
        """The function, class or module in which this scope's code runs."""
        scope = self
        while scope.is_comprehension:
            assert scope.parent is not None
            scope = scope.parent
        return scope

    def owner(self, name: str) -> Scope | None:
        """The scope whose variable `name` means here; None for a builtin."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.globals:
                module = scope.module
                return module if name in module.definitions else None
            visible = scope is self or not isinstance(scope.node, ast.ClassDef)
            if visible and name in scope.definitions:
                if name not in scope.nonlocals:
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


_SEES_NAMES = {"exec", "eval", "locals", "vars", "globals", "dir"}


def build(root: ast.Module) -> Scopes:
    """The scopes of a module, in one walk."""
    builder = _Builder()
    module = Scope(root, None)
    builder.of_node[root] = module
    builder.statements(root.body, module)
    builder.settle(module)
    return Scopes(module, builder.of_name, builder.of_node, builder.bound_by)


class _Builder:
    def __init__(self) -> None:
        self.of_name: dict[ast.Name, Scope] = {}
        self.of_node: dict[ast.AST, Scope] = {}
        self.bound_by: dict[ast.AST, Definition] = {}

    def bind(self, scope: Scope, definition: Definition) -> None:
        self.bound_by[definition.node] = definition
        scope.definitions.setdefault(definition.name, []).append(definition)

    def open(self, node: ScopeNode, parent: Scope) -> Scope:
        scope = Scope(node, parent)
        parent.children.append(scope)
        self.of_node[node] = scope
        return scope

    def statements(self, body: list[ast.stmt], scope: Scope) -> None:
        for statement in body:
            self.visit(statement, scope)

    def visit(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Name():
                self.of_name[node] = scope
                scope.names.append(node)
                if node.id in _SEES_NAMES:
                    scope.frame.dynamic = True
                if isinstance(node.ctx, ast.Del):
                    self.bind(scope, Definition(node.id, "delete", node))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self.function(node, scope)
            case ast.ClassDef():
                self.class_(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self.comprehension(node, scope)
            case ast.Global():
                scope.globals.update(node.names)
            case ast.Nonlocal():
                scope.nonlocals.update(node.names)
            case ast.Import() | ast.ImportFrom():
                self.imports(node, scope)
            case _:
                self.simple(node, scope)

    def simple(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Assign():
                for target in node.targets:
                    self.target(target, "assign", node.value, scope)
            case ast.AnnAssign():
                self.target(node.target, "assign", node.value, scope, node.annotation)
            case ast.AugAssign():
                self.target(node.target, "augment", node.value, scope)
            case ast.For() | ast.AsyncFor():
                self.target(node.target, "for", node.iter, scope)
            case ast.withitem():
                if node.optional_vars is not None:
                    self.target(node.optional_vars, "with", node.context_expr, scope)
            case ast.NamedExpr():
                home = scope.frame
                definition = Definition(
                    node.target.id, "walrus", node.target, node.value
                )
                self.bind(home, definition)
            case ast.ExceptHandler() if node.name:
                self.bind(scope, Definition(node.name, "except", node))
            case ast.MatchAs() | ast.MatchStar() if node.name:
                self.bind(scope, Definition(node.name, "match", node))
            case ast.MatchMapping() if node.rest:
                self.bind(scope, Definition(node.rest, "match", node))
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope)

    def target(
        self,
        target: ast.expr,
        kind: Kind,
        value: ast.expr | None,
        scope: Scope,
        annotation: ast.expr | None = None,
    ) -> None:
        match target:
            case ast.Name():
                self.bind(scope, Definition(target.id, kind, target, value, annotation))
            case ast.Tuple() | ast.List():
                inner: Kind = "unpack" if kind == "assign" else kind
                for element in target.elts:
                    self.unpacked(element, inner, value, scope)
            case _:
                pass

    def unpacked(
        self, target: ast.expr, kind: Kind, value: ast.expr | None, scope: Scope
    ) -> None:
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Name):
            # A part of the value: which one, only the target's place tells.
            self.bind(scope, Definition(target.id, "unpack", target, value))
        else:
            self.target(target, "unpack" if kind == "assign" else kind, value, scope)

    def imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if alias.name == "*":
                source = node.module if isinstance(node, ast.ImportFrom) else None
                scope.module.stars.append(source or ".")
                continue
            name = alias.asname or alias.name.partition(".")[0]
            self.bind(scope, Definition(name, "import", alias))

    def function(self, node: Function, scope: Scope) -> None:
        inner = self.open(node, scope)
        arguments = node.args
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            if default is not None:
                self.visit(default, scope)
        for argument, default in _parameters(arguments):
            if argument.annotation is not None:
                self.visit(argument.annotation, scope)
            definition = Definition(
                argument.arg, "param", argument, default, argument.annotation
            )
            self.bind(inner, definition)
        if isinstance(node, ast.Lambda):
            self.visit(node.body, inner)
            return
        for decorator in node.decorator_list:
            self.visit(decorator, scope)
        if node.returns is not None:
            self.visit(node.returns, scope)
        self.bind(scope, Definition(node.name, "def", node))
        self.statements(node.body, inner)

    def class_(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = self.open(node, scope)
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part, scope)
        self.bind(scope, Definition(node.name, "class", node))
        self.statements(node.body, inner)

    def comprehension(self, node: Comprehension, scope: Scope) -> None:
        inner = self.open(node, scope)
        for index, generator in enumerate(node.generators):
            self.visit(generator.iter, scope if index == 0 else inner)
            self.target(generator.target, "for", generator.iter, inner)
            self.visit(generator.target, inner)
            for condition in generator.ifs:
                self.visit(condition, inner)
        if isinstance(node, ast.DictComp):
            self.visit(node.key, inner)
            if node.value is not None:
                self.visit(node.value, inner)
        else:
            self.visit(node.elt, inner)

    def settle(self, module: Scope) -> None:
        """Move what global and nonlocal rebind to the scope that owns it."""
        for scope in module.walk():
            for name in scope.globals | scope.nonlocals:
                foreign = scope.definitions.pop(name, [])
                owner = module if name in scope.globals else None
                if owner is None and scope.parent is not None:
                    owner = scope.parent.owner(name)
                if owner is not None and foreign:
                    owner.definitions.setdefault(name, []).extend(foreign)
                    owner.shared.add(name)


def _parameters(
    arguments: ast.arguments,
) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = len(plain) - len(arguments.defaults)
    yield from zip(plain, [*[None] * missing, *arguments.defaults], strict=True)
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for extra in (arguments.vararg, arguments.kwarg):
        if extra is not None:
            yield extra, None
