"""Where the text of a query goes, until a client takes it or it is lost sight of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from codemods.catalog.unbounded_query.clients import (
    calls_to,
    clients,
    owner_of,
    parameter_for,
)
from codemods.catalog.unbounded_query.rows import parameters_named
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context

# Functions and methods that hand the text on as it is, or reformat its margin.
CARRIERS = {"textwrap.dedent", "inspect.cleandoc", "sqlalchemy.text", "str",
            "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text",
            "psycopg2.sql.SQL", "psycopg.sql.SQL"}  # fmt: skip
METHODS = {"format", "strip", "lstrip", "rstrip", "bindparams"}
_TALKS = {"print", "len", "repr", "isinstance", "hash"}
# Methods of loggers, by their place in `logging`; the receiver is asked for too.
_LOGS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}


@dataclass(frozen=True, slots=True)
class Sink:
    """A client's call that runs the text.

    `query` is its argument, `client` what runs it (None: known by the method only),
    `through` the calls of the file's own functions on the way, outermost first.
    """

    call: ast.Call
    query: ast.expr
    client: Thing | None
    through: tuple[ast.Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A use that is no client's, and in which the text may be run.

    `part` where it becomes a part of another text.
    """

    node: ast.AST
    reason: str
    part: bool = False


@dataclass(slots=True)
class Reach:
    """Every use of a text.

    `route` are the expressions that hold it; `sources` say, for a name, a parameter,
    a subscript or a call on the route, which expression its text comes from.
    """

    sinks: list[Sink] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    route: set[ast.AST] = field(default_factory=set)
    sources: dict[ast.AST, ast.expr] = field(default_factory=dict)


def reach(context: Context, text: ast.expr) -> Reach:
    """Follow the value of a string expression through the file."""
    found = Reach()
    _Flow(context, found).follow(text, ())
    return found


@dataclass(frozen=True, slots=True)
class _Flow:
    context: Context
    found: Reach

    def follow(self, node: ast.expr, through: tuple[ast.Call, ...]) -> None:
        """Follow the text that an expression holds."""
        if node in self.found.route or len(through) > 4:
            return
        self.found.route.add(node)
        up = self.context.parent(node)
        match up:
            case ast.BinOp(left=left, op=ast.Add() | ast.Mod()) if left is node:
                self.follow(up, through)
            case ast.BinOp() | ast.FormattedValue() | ast.JoinedStr():
                self.lose(
                    node, f"its text goes on in another text{self.line(up)}", part=True
                )
            case ast.Attribute():
                self.attribute(up, through)
            case ast.Call():
                self.argument(node, up, through)
            case ast.keyword():
                call = self.context.parent(up)
                if isinstance(call, ast.Call):
                    self.argument(node, call, through)
            case ast.IfExp(test=test) if test is not node:
                self.follow(up, through)
            case ast.BoolOp() | ast.Await():
                self.follow(up, through)
            case ast.Dict() | ast.List() | ast.Tuple() | ast.Set():
                self.held(up, node, through)
            case ast.Return():
                self.returned(up, node, through)
            case _:
                self.bound(node, up, through)

    def lose(self, node: ast.AST, reason: str, *, part: bool = False) -> None:
        self.found.lost.append(Lost(node, reason, part))

    def line(self, node: ast.AST | None) -> str:
        return f" (line {self.context.line(node)})" if node is not None else ""

    def bound(
        self, node: ast.expr, up: ast.AST | None, through: tuple[ast.Call, ...]
    ) -> None:
        match up:
            case ast.Assign(targets=targets):
                for target in targets:
                    self.target(target, node, through)
            case ast.AnnAssign(target=target):
                self.target(target, node, through)
            case ast.NamedExpr(target=target):
                self.target(target, node, through)
                self.follow(up, through)
            case ast.AugAssign(target=target) if target is node:
                self.lose(node, f"more text is appended to it{self.line(up)}")
            case ast.AugAssign():
                self.lose(node, f"it is appended to another{self.line(up)}", part=True)

    def target(
        self, target: ast.expr, value: ast.expr, through: tuple[ast.Call, ...]
    ) -> None:
        match target:
            case ast.Name():
                definition = self.context.facts.scopes.bound_by.get(target)
                for use in self.context.uses(definition) if definition else ():
                    self.found.sources[use] = value
                    self.used(use, through)
                home = self.context.parent(self.context.statement(target))
                if isinstance(home, ast.ClassDef):
                    self.attributes(home, target.id, value, through)
            case ast.Attribute():
                owner = owner_of(self.context, target)
                if owner is None:
                    self.lose(target, "it is kept in an attribute of another object")
                else:
                    self.attributes(owner, target.attr, value, through)
            case _:
                self.lose(target, "it is kept where its readers are not in view")

    def used(self, use: ast.expr, through: tuple[ast.Call, ...]) -> None:
        up = self.context.parent(use)
        if isinstance(up, ast.AugAssign) and up.target is use:
            self.lose(use, f"more text is appended to it{self.line(up)}")
        else:
            self.follow(use, through)

    def attributes(
        self,
        owner: ast.ClassDef,
        name: str,
        value: ast.expr,
        through: tuple[ast.Call, ...],
    ) -> None:
        """The readers of `self.name` and `Class.name`, derived classes among them."""
        for node in ast.walk(self.context.tree):
            if isinstance(node, ast.Attribute) and node.attr == name:
                home = owner_of(self.context, node)
                if home is None or not _derives(self.context, home, owner):
                    continue
                if isinstance(node.ctx, ast.Load):
                    self.found.sources[node] = value
                    self.used(node, through)

    def attribute(self, up: ast.Attribute, through: tuple[ast.Call, ...]) -> None:
        call = self.context.parent(up)
        if isinstance(call, ast.Call) and call.func is up and up.attr in METHODS:
            self.follow(call, through)
        elif up.attr in ("text", "items", "values", "get"):
            self.lose(up, f"`.{up.attr}` is read of it")
        else:
            self.lose(up, f"`.{up.attr}()` makes another text of it{self.line(up)}")

    def argument(
        self, node: ast.expr, call: ast.Call, through: tuple[ast.Call, ...]
    ) -> None:
        name = self.context.qualified_name(call.func)
        sink = sink_of(self.context, call, node)
        if sink is not None:
            call_, client = sink
            self.found.sinks.append(Sink(call_, node, client, through))
        elif name in CARRIERS:
            self.follow(call, through)
        elif name in _TALKS or _is_log(call) or self.raised(call):
            return
        else:
            self.passed(node, call, through)

    def raised(self, call: ast.Call) -> bool:
        return isinstance(self.context.parent(call), ast.Raise)

    def passed(
        self, node: ast.expr, call: ast.Call, through: tuple[ast.Call, ...]
    ) -> None:
        if isinstance(call.func, ast.Attribute) and call.func.attr in (
            "format",
            "join",
        ):
            line = self.line(call)
            self.lose(call, f"its text goes on in another text{line}", part=True)
            return
        function = self.context.function_called(call)
        name = parameter_for(call, function, node) if function is not None else None
        if function is None or name is None:
            called = ast.unparse(call.func)[:60]
            self.lose(call, f"it is passed to `{called}`, which is not in view")
            return
        for definition in parameters_named(self.context, function, name):
            for use in self.context.uses(definition):
                self.found.sources[use] = node
                self.used(use, (*through, call))

    def returned(
        self, statement: ast.Return, node: ast.expr, through: tuple[ast.Call, ...]
    ) -> None:
        function = self.context.enclosing(statement, ast.FunctionDef)
        found = calls_to(self.context, function) if function is not None else []
        if not found:
            self.lose(statement, "it is returned, and no caller is in view")
        for call in found:
            self.found.sources[call] = node
            self.follow(call, through)

    def held(
        self, holder: ast.expr, node: ast.expr, through: tuple[ast.Call, ...]
    ) -> None:
        """A text in a dict or list that has a name: its subscripts and loops."""
        up = self.context.parent(holder)
        target = up.targets[0] if isinstance(up, ast.Assign) else None
        if isinstance(up, ast.AnnAssign):
            target = up.target
        definition = (
            self.context.facts.scopes.bound_by.get(target)
            if isinstance(target, ast.Name)
            else None
        )
        uses = self.context.uses(definition) if definition is not None else []
        readers = [
            read for use in uses for read in _reads(self.context, use, holder, node)
        ]
        if not readers:
            self.lose(
                holder, "it is kept in a collection whose readers are not in view"
            )
        for read in readers:
            self.found.sources[read] = node
            self.follow(read, through)


def _reads(
    context: Context, use: ast.Name, holder: ast.expr, item: ast.expr
) -> Iterator[ast.expr]:
    """The expressions that take one text out of a named dict or list."""
    up = context.parent(use)
    match up:
        case ast.Subscript(value=value) if value is use and _may_be(
            holder, up.slice, item
        ):
            yield up
        case ast.Attribute(attr="get" | "pop"):
            call = context.parent(up)
            if isinstance(call, ast.Call) and call.args:
                if _may_be(holder, call.args[0], item):
                    yield call
        case ast.Attribute(attr="items" | "values" as method):
            call = context.parent(up)
            if isinstance(call, ast.Call):
                yield from _loop_names(context, call, last=method == "items")
        case ast.For() | ast.comprehension() if not isinstance(holder, ast.Dict):
            yield from _loop_names(context, use, last=False)


def _loop_names(
    context: Context, iterated: ast.expr, *, last: bool
) -> Iterator[ast.Name]:
    up = context.parent(iterated)
    if not isinstance(up, ast.For | ast.comprehension):
        return
    target = up.target
    if last and isinstance(target, ast.Tuple):
        target = target.elts[-1]
    definition = (
        context.facts.scopes.bound_by.get(target)
        if isinstance(target, ast.Name)
        else None
    )
    yield from context.uses(definition) if definition is not None else ()


def _may_be(holder: ast.expr, index: ast.expr, item: ast.expr) -> bool:
    """Whether a subscript may mean this item; sure not only for another constant."""
    if not isinstance(index, ast.Constant):
        return True
    match holder:
        case ast.Dict(keys=keys, values=values):
            key = keys[values.index(item)]
            return not isinstance(key, ast.Constant) or key.value == index.value
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return index.value in (elts.index(item), elts.index(item) - len(elts))
    return True


def sink_of(
    context: Context, call: ast.Call, given: ast.expr
) -> tuple[ast.Call, Thing | None] | None:
    """The client that runs `given` in this call, if one does."""
    if not _is_query_argument(call, given):
        return None
    name = context.qualified_name(call.func)
    if name in tables().functions:
        return call, clients(context).thing(call)
    if not isinstance(call.func, ast.Attribute):
        return None
    thing = clients(context).thing(call.func.value)
    if thing is not None:
        return (call, thing) if tables().takes_query(thing, call.func.attr) else None
    if call.func.attr == "query" and clients(context).thing(call) is not None:
        return call, Thing("bigquery", "client", "bigquery")
    if call.func.attr in ("execute", "exec_driver_sql"):
        return call, None
    return None


def _is_query_argument(call: ast.Call, given: ast.expr) -> bool:
    if call.args:
        return call.args[0] is given
    named = [each for each in call.keywords if each.value is given]
    return bool(named) and named[0].arg in tables().keywords


def _is_log(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=value, attr=attr) if attr in _LOGS:
            return "log" in ast.unparse(value).lower() or "warn" in ast.unparse(value)
    return False


def _derives(context: Context, one: ast.ClassDef, other: ast.ClassDef) -> bool:
    if one is other:
        return True
    return any(context.qualified_name(base) == f".{other.name}" for base in one.bases)
