"""Which database client a value belongs to, by how it came to be, never by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from codemods.catalog.unbounded_query.callers import argument_for, calls_to
from codemods.catalog.unbounded_query.dialects import (
    dialect_of_url,
)
from codemods.catalog.unbounded_query.evidence import (
    annotated,
    job_by_config,
    job_by_use,
)
from codemods.catalog.unbounded_query.selves import owner_of, stores
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context
from codemods.facts.calls import Defined
from codemods.facts.scopes import Definition

_SAME = {"contextlib.closing", "contextlib.nullcontext", "typing.cast"}


class Clients:
    """The client values of one file."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[ast.expr, Thing | None] = {}

    def thing(self, node: ast.expr) -> Thing | None:
        """What `node` holds, None where it is not known to be one thing."""
        if node not in self._known:
            # A value that depends on itself learns nothing new there.
            self._known[node] = None
            self._known[node] = self._resolve(node)
        return self._known[node]

    def _resolve(self, node: ast.expr) -> Thing | None:
        match node:
            case ast.Name():
                found = self.context.definitions(node)
                bound = [each for each in found if each.kind != "unbound"]
                return agreed(self._bound(each) for each in bound if not _is_none(each))
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.thing(value)
            case ast.IfExp(body=one, orelse=other):
                return agreed([self.thing(one), self.thing(other)])
            case ast.BoolOp(values=values):
                return agreed(self.thing(each) for each in values if not _empty(each))
        return None

    def _bound(self, definition: Definition) -> Thing | None:
        if definition.annotation is not None:
            return annotated(self.context, definition.annotation)
        match definition.kind:
            case "assign" | "walrus" | "with" if definition.value is not None:
                return self.thing(definition.value)
            case "param":
                return self._given(definition)
        return None

    def _given(self, definition: Definition) -> Thing | None:
        """What every call in the file passes for a parameter without annotation."""
        function = self.context.parent(
            self.context.parent(definition.node) or self.context.tree
        )
        if not isinstance(function, Defined):
            return None
        given = [
            argument_for(call, function, definition.name)
            for call in calls_to(self.context, function)
        ]
        if not given or any(each is None for each in given):
            return None
        return agreed(self.thing(each) for each in given if each is not None)

    def _attribute(self, node: ast.Attribute) -> Thing | None:
        held = self.thing(node.value)
        if held is not None:
            role = tables().gives(held, node.attr)
            return held.as_role(role) if role else None
        owner = owner_of(self.context, node)
        if owner is None:
            return None
        stored = list(stores(self.context, owner, node.attr))
        if stored:
            return self._all_stored(stored, node.attr)
        return self._property(owner, node.attr)

    def _all_stored(self, stored: list[ast.expr], name: str) -> Thing | None:
        """What all stores agree on; `self.x = self.x or make()` stores the latter."""
        values: list[ast.expr] = []
        for each in stored:
            parts = each.values if isinstance(each, ast.BoolOp) else [each]
            values += [part for part in parts if not _is_attribute(part, name)]
        return agreed(self._stored(each) for each in values if not _empty(each))

    def _stored(self, value: ast.expr) -> Thing | None:
        return self.thing(value) or annotated(self.context, value)

    def _property(self, owner: ast.ClassDef, name: str) -> Thing | None:
        for function in owner.body:
            if isinstance(function, Defined) and function.name == name:
                kinds = [
                    self.context.qualified_name(d) for d in function.decorator_list
                ]
                if kinds in (["property"], ["functools.cached_property"]):
                    return self.returned(function)
        return None

    def _call(self, node: ast.Call) -> Thing | None:
        name = self.context.qualified_name(node.func)
        made = tables().made.get(name or "")
        if made is not None:
            return self._with_dialect(made, node)
        if name in _SAME and node.args:
            return self.thing(node.args[-1])
        if name in tables().functions:
            return self._function(node, name or "")
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func)
            if found is not None:
                return found
        function = self.context.function_called(node)
        if function is not None:
            return self.returned(function)
        maker = self.thing(node.func) if isinstance(node.func, ast.Name) else None
        return maker.as_role("connection") if maker and maker.role == "maker" else None

    def _method(self, node: ast.Call, func: ast.Attribute) -> Thing | None:
        held = self.thing(func.value)
        if held is None:
            return job_by_config(self.context, node, func) or job_by_use(
                self.context, node, func
            )
        role = tables().gives(held, func.attr)
        return held.as_role(role) if role else None

    def _function(self, node: ast.Call, name: str) -> Thing:
        known = tables().functions[name]
        dialect = known.dialect
        if known.client is not None:
            client = next(
                (k.value for k in node.keywords if k.arg == known.client), None
            )
            if client is None and len(node.args) > 1:
                client = node.args[1]
            held = self.thing(client) if client is not None else None
            dialect = held.dialect if held else dialect_of_url(self.context, client)
        return Thing(known.family, known.gives, dialect)

    def returned(self, function: Defined) -> Thing | None:
        """What a function of the file returns or yields to a `with`."""
        if function.returns is not None:
            found = annotated(self.context, function.returns)
            if found is not None:
                return found
        values = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Return | ast.Yield) and each.value is not None
        ]
        return agreed(map(self.thing, values)) if values else None

    def _with_dialect(self, made: Thing, node: ast.Call) -> Thing:
        """An engine's dialect by its URL, pyodbc's by its driver, where in view."""
        if made.dialect is not None:
            return made
        first = node.args[0] if node.args else None
        if made.role == "maker" or (
            made.role == "connection" and made.family == "sqlalchemy"
        ):
            binds = [k.value for k in node.keywords if k.arg == "bind"]
            bind = binds[0] if binds else first
            held = self.thing(bind) if bind is not None else None
            return Thing(made.family, made.role, held.dialect if held else None)
        return Thing(made.family, made.role, dialect_of_url(self.context, first))


@lru_cache(maxsize=1)
def clients(context: Context) -> Clients:
    """The clients of the file that is being judged, resolved once."""
    return Clients(context)


def _is_none(definition: Definition) -> bool:
    value = definition.value
    return value is not None and definition.kind == "assign" and _empty(value)


def _empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_attribute(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def agreed(things: Iterable[Thing | None]) -> Thing | None:
    """The one thing that all are; None where one is unknown or they differ."""
    found = set(things)
    return found.pop() if len(found) == 1 else None
