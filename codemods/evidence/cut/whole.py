"""Whether statements can run apart from their file as they are, and what they need.

Unlike a cut, nothing in them is replaced: every call must be one that can be run.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codemods.evidence.cut.bringing import imports_of
from codemods.evidence.cut.cutter import is_literal
from codemods.evidence.cut.free import Uncuttable
from codemods.evidence.cut.included import bare
from codemods.evidence.cut.names import stored
from codemods.evidence.cut.real import (
    is_body_method,
    is_real_builtin,
    is_real_in_bodies,
)
from codemods.facts import Facts
from codemods.facts.calls import Defined


@dataclass(eq=False)
class Needs:
    """What statements need: imports, functions and constants of the file, and values.

    `methods` may be called on any value. `free` are the names, with each place that
    reads them, which only the rest of the program could tell.
    """

    facts: Facts
    methods: frozenset[str] = frozenset()
    imports: dict[str, ast.stmt] = field(default_factory=dict)
    functions: dict[str, ast.stmt] = field(default_factory=dict)
    constants: dict[str, ast.stmt] = field(default_factory=dict)
    free: dict[str, list[ast.Name]] = field(default_factory=dict)

    @property
    def preamble(self) -> list[ast.stmt]:
        found = (self.imports, self.constants, self.functions)
        return [each for group in found for _, each in sorted(group.items())]

    def add(self, statements: Iterable[ast.stmt], own: frozenset[str]) -> None:
        """Look at statements; raises Uncuttable where they cannot run.

        `own` are names that are bound in them, besides those that they store.
        """
        nodes = [node for each in statements for node in ast.walk(each)]
        bound = own | {*names_bound(nodes)}
        inside = frozenset(nodes)
        for node in nodes:
            match node:
                case ast.Yield() | ast.YieldFrom() | ast.Await():
                    raise Uncuttable("the body waits for another part of the program")
                case ast.Nonlocal():
                    raise Uncuttable("the body binds a name of the function around it")
                case ast.ClassDef():
                    raise Uncuttable("the body makes a class")
                case ast.Call():
                    self._call(node, bound)
                case ast.Name(ctx=ast.Load()):
                    self._name(node, own, inside)

    def _call(self, call: ast.Call, bound: frozenset[str]) -> None:
        qualified = self.facts.qualified_name(call.func)
        if qualified is None and isinstance(call.func, ast.Name):
            qualified = self.builtin(call.func)
        if qualified and "." in qualified and is_real_in_bodies(qualified):
            return
        match call.func:
            case ast.Name(id=name):
                if name in bound and qualified is None:
                    raise _cannot(call)
                function = self.facts.function_called(call)
                if function is not None:
                    self._function(function)
                elif not (qualified and (is_real_builtin(qualified) or is_error(name))):
                    raise _cannot(call)
            case ast.Attribute(attr=attr) if attr in self.methods or is_body_method(
                attr
            ):
                if qualified and not is_library(qualified):
                    raise _cannot(call)
            case _:
                raise _cannot(call)

    def _name(
        self, node: ast.Name, own: frozenset[str], inside: frozenset[ast.AST]
    ) -> None:
        from_outside = [
            each.node
            for each in self.facts.flow.reaching(node)
            if each.node not in inside and each.kind != "unbound"
        ]
        if any(isinstance(each, ast.alias) for each in from_outside):
            self._import(node, from_outside)
            return
        builtin = self.builtin(node)
        if builtin and (is_real_builtin(builtin) or is_error(builtin)):
            return
        if builtin:
            raise Uncuttable(f"uses `{node.id}`, which cannot be had here")
        if node.id in own or not from_outside:
            return
        if node.id in self.functions or self._constant(node.id):
            return
        self.free.setdefault(node.id, []).append(node)

    def builtin(self, node: ast.Name) -> str | None:
        """The builtin that a name is taken for: nothing in the file binds it."""
        scope = self.facts.scopes.of_name.get(node)
        unbound = scope is not None and scope.owner(node.id) is None
        return node.id if unbound and hasattr(builtins, node.id) else None

    def _import(self, node: ast.Name, found: list[ast.AST]) -> None:
        """Note the imports of a name; raises for a library that is not there."""
        for alias in found:
            if not isinstance(alias, ast.alias):
                raise Uncuttable(f"uses `{node.id}`, which may be two things")
            if not is_library(self.facts.imported(alias)):
                raise Uncuttable(f"uses `{alias.name}`, which cannot be had here")
        for made in imports_of(self.facts, node):
            self.imports[ast.unparse(made)] = made

    def _constant(self, name: str) -> bool:
        found = self.facts.scopes.module.definitions.get(name, [])
        values = [each.value for each in found if each.kind == "assign"]
        if len(found) != 1 or not values or not is_literal(values[0]):
            return name in self.constants
        value = values[0]
        assert value is not None
        self.constants[name] = ast.Assign([ast.Name(name, ast.Store())], value)
        return True

    def _function(self, function: Defined) -> None:
        if function.name in self.functions:
            return
        at_top = isinstance(self.facts.tree.parent(function), ast.Module)
        plain = isinstance(function, ast.FunctionDef) and not function.decorator_list
        if not (at_top and plain):
            raise Uncuttable(f"calls `{function.name}`, which cannot be run here")
        made = ast.FunctionDef(function.name, bare(function.args), function.body, [])
        made.type_params = []  # type: ignore[attr-defined]
        self.functions[function.name] = made
        given = frozenset(
            each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)
        )
        known = (self.imports, self.functions, self.constants)
        inner = Needs(self.facts, self.methods, *known)
        inner.add(function.body, given)
        if inner.free:
            missing = next(iter(inner.free))
            raise Uncuttable(f"calls `{function.name}`, which reads `{missing}`")


def names_bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]
            case ast.Name(ctx=ast.Store()):
                yield from stored(node)


def is_library(qualified: str) -> bool:
    """Whether something comes with Python."""
    return qualified.partition(".")[0] in sys.stdlib_module_names


def is_error(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _cannot(call: ast.Call) -> Uncuttable:
    return Uncuttable(f"calls `{ast.unparse(call.func)}`, which cannot be run here")
