"""What becomes of the rows of a query: iterated, collected, lost sight of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from codemods.catalog.unbounded_query.callers import (
    calls_to,
    parameter_for,
    parameters_named,
)
from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.fates import (
    FOLDS,
    LAZY,
    LOOKS,
    WHOLE,
    Fate,
    of_comprehension,
)
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context
from codemods.facts.calls import Defined

# What an `.execute(...)` gave is one of these, whoever made it.
_CURSORS = (Thing("sqlite3", "cursor", None), Thing("sqlalchemy", "result", None))


# What gives a row without being called.
_PROPERTIES = {"first_row", "first_item"}
_LOOPS = (ast.For, ast.While, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp,
          ast.GeneratorExp)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Walk:
    """Following one value through a file; `seen` are the places already passed.

    `onward` tells also what becomes of what the rows are collected in.
    """

    context: Context
    start: ast.AST
    seen: set[ast.AST]
    onward: bool = False

    def fates(self, node: ast.expr) -> Iterator[Fate]:
        """What happens to the rows that the expression `node` holds."""
        if node in self.seen:
            return
        self.seen.add(node)
        up = self.context.parent(node)
        match up:
            case ast.For(iter=it) | ast.AsyncFor(iter=it) if it is node:
                yield Fate("iterated", up, "iterated by a for loop")
            case ast.comprehension(iter=it) if it is node:
                yield from self._comprehended(up)
            case ast.Attribute():
                yield from self._attribute(node, up)
            case ast.Call():
                yield from self._argument(node, up)
            case ast.keyword():
                call = self.context.parent(up)
                if isinstance(call, ast.Call):
                    yield from self._argument(node, call)
            case ast.Subscript(value=value) if value is node:
                yield self._subscript(up)
            case ast.YieldFrom():
                yield Fate("iterated", up, "yielded one by one")
            case ast.Starred():
                yield Fate("collected", up, "unpacked whole")
            case ast.Await() | ast.IfExp() | ast.BoolOp():
                yield from self.fates(up)
            case ast.Expr():
                yield Fate("waited", up, "not read")
            case _:
                yield from self._kept(node, up)

    def _kept(self, node: ast.expr, up: ast.AST | None) -> Iterator[Fate]:
        """What happens where the value gets a name or leaves."""
        match up:
            case (
                ast.Assign(targets=[ast.Name() as name])
                | ast.AnnAssign(target=ast.Name() as name)
            ):
                yield from self._named(name)
            case ast.NamedExpr(target=name):
                yield from self._named(name)
                yield from self.fates(up)
            case ast.withitem(optional_vars=ast.Name() as name):
                yield from self._named(name)
            case ast.withitem(optional_vars=None):
                return
            case ast.Return():
                yield from self._returned(up)
            case ast.If() | ast.While() | ast.Compare() | ast.UnaryOp() | ast.Assert():
                yield Fate("escapes", up, "tested for truth")
            case ast.Assign(targets=[ast.Attribute() as target]):
                yield Fate("escapes", up, f"kept in `{ast.unparse(target)}`")
            case ast.Assign(targets=[ast.Tuple() | ast.List()]):
                yield Fate("collected", up, "unpacked whole")
            case _:
                yield Fate("escapes", up or node, "used in a way that is not followed")

    def _named(self, name: ast.Name) -> Iterator[Fate]:
        definition = self.context.facts.scopes.bound_by.get(name)
        uses = self.context.uses(definition) if definition is not None else []
        if definition is None or not uses:
            yield Fate("waited", name, "not read")
        for use in uses:
            yield from self.fates(use)

    def _attribute(self, node: ast.expr, up: ast.Attribute) -> Iterator[Fate]:
        thing = clients(self.context).thing(node)
        known = (thing,) if thing is not None else _CURSORS
        roles = (tables().gives(each, up.attr) for each in known)
        role = next((each for each in roles if each), None)
        call = self.context.parent(up)
        whole = call if isinstance(call, ast.Call) and call.func is up else up
        match role:
            case "list":
                yield from self._all_rows(whole, up.attr)
            case "frame":
                yield Fate("frame", whole, f"loaded by `{up.attr}()`")
            case "row" if whole is up and up.attr not in _PROPERTIES:
                yield Fate("pages", whole, f"read by `{up.attr}`, kept to be called")
            case "row":
                yield self._first(whole, f"`{up.attr}()`")
            case "one":
                yield Fate("one", whole, f"`{up.attr}()` wants exactly one")
            case "pages":
                yield Fate("pages", whole, f"read by `{up.attr}`")
            case "count":
                yield Fate("counted", whole, f"counted by `{up.attr}`")
            case "value":
                return
            case None:
                yield Fate("escapes", whole, f"`.{up.attr}` is not a known use of rows")
            case _:
                yield from self.fates(whole)

    def _all_rows(self, whole: ast.expr, method: str) -> Iterator[Fate]:
        """`fetchall()` is a collection, unless only one row or their number is."""
        further = list(self.fates(whole))
        only = {each.kind for each in further} in ({"first"}, {"counted"})
        if only or self.onward:
            yield from further
        if not only:
            yield Fate("collected", whole, f"collected by `{method}()`")

    def _comprehended(self, up: ast.comprehension) -> Iterator[Fate]:
        yield of_comprehension(self.context, up)
        comp = self.context.parent(up)
        if self.onward and isinstance(comp, ast.ListComp):
            yield from self.fates(comp)

    def _first(self, whole: ast.expr, how: str) -> Fate:
        """One row of many, where it is asked for once only."""
        around = set(self.context.ancestors(self.start))
        for up in self.context.ancestors(whole):
            if isinstance(up, _LOOPS) and up not in around:
                return Fate("pages", whole, f"read by {how} in a loop")
            if isinstance(up, Defined):
                break
        return Fate("first", whole, f"read by {how}")

    def _subscript(self, up: ast.Subscript) -> Fate:
        if isinstance(up.slice, ast.Constant) and up.slice.value == 0:
            return Fate("first", up, "`[0]`")
        return Fate("collected", up, "indexed")

    def _argument(self, node: ast.expr, call: ast.Call) -> Iterator[Fate]:
        name = self.context.qualified_name(call.func)
        if name == "next":
            yield self._first(call, "`next()`")
        elif name in LAZY:
            yield from self.fates(call)
        elif name in WHOLE:
            yield Fate("collected", call, f"collected by {name}()")
            if self.onward:
                yield from self.fates(call)
        elif name == "len":
            yield Fate("counted", call, "counted by len()")
        elif name in FOLDS:
            yield Fate("iterated", call, f"folded by {name}()")
        elif name in LOOKS:
            return
        else:
            yield from self._passed(node, call)

    def _passed(self, node: ast.expr, call: ast.Call) -> Iterator[Fate]:
        function = self.context.function_called(call)
        name = parameter_for(call, function, node) if function is not None else None
        if function is None or name is None:
            called = ast.unparse(call.func)
            yield Fate("escapes", call, f"passed to `{called}`, which is not in view")
            return
        for definition in parameters_named(self.context, function, name):
            for use in self.context.uses(definition):
                for fate in self.fates(use):
                    # The function may be called again for the row after.
                    again = fate.kind == "first"
                    yield replace(fate, kind="pages") if again else fate

    def _returned(self, statement: ast.Return) -> Iterator[Fate]:
        function = self.context.enclosing(statement, ast.FunctionDef)
        found = calls_to(self.context, function) if function is not None else []
        if not found:
            name = function.name if function is not None else "an async function"
            yield Fate(
                "escapes",
                statement,
                f"returned by `{name}`, whose callers are not in view",
            )
        for call in found:
            yield from self.fates(call)
