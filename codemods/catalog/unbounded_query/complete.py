"""Queries of which every row is wanted: pages, migrations, counts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.callers import calls_to
from codemods.catalog.unbounded_query.cursors import fates
from codemods.catalog.unbounded_query.dialects import imports, leading_text
from codemods.catalog.unbounded_query.few import STANDS_IN
from codemods.catalog.unbounded_query.sinks import Sink, is_log
from codemods.context import Context
from codemods.facts.calls import Defined

if TYPE_CHECKING:
    from sqlglot import exp

_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|UPSERT|ALTER|DROP|PURGE|TRUNCATE|GRANT"
    r"|REVOKE|CALL|EXEC|EXECUTE|CREATE|COPY)\b",
    re.IGNORECASE,
)
_MIGRATIONS = ("alembic", "django.db.migrations", "yoyo", "peewee_migrate")
_RUNS = {"execute", "executemany", "exec_driver_sql", "query", "exec"}


def why_all(sink: Sink, tree: exp.Expr, context: Context) -> str | None:
    """Why a limit would leave work undone, None where nothing in view says so."""
    if sink.client is not None and sink.client.role == "every":
        return "the task takes every row to another place"
    for call in (sink.call, *sink.through):
        paged = _paged(call, context)
        if paged is not None:
            return paged
    key = _key_read_on(tree)
    if key:
        more = "rows that a limit cuts may never be asked for"
        return f"it goes on from a `{key}`: {more}"
    if any(imports(context, each) for each in _MIGRATIONS):
        return "it is part of a migration, which has to see every row"
    return _counted(sink, context) or _written_back(sink, context)


def _paged(call: ast.Call, context: Context) -> str | None:
    """The loop that asks again and again, around the call or its function's calls."""
    homes = (up for up in context.ancestors(call) if isinstance(up, Defined))
    function = next(homes, None)
    further = calls_to(context, function) if function is not None else []
    for each in (call, *further):
        for loop in _loops(each, context):
            line = context.line(loop)
            if isinstance(loop, ast.While):
                return f"the `while` loop of line {line} asks for it again: it may page"
            if _is_range(loop.iter, context):
                return f"the loop of line {line} asks for a range of it at a time"
    return None


def _loops(call: ast.Call, context: Context) -> Iterator[ast.While | ast.For]:
    inner: ast.AST = call
    for up in context.ancestors(call):
        if isinstance(up, Defined | ast.Lambda | ast.ClassDef):
            return
        if isinstance(up, ast.While | ast.For) and inner not in up.orelse:
            if not isinstance(up, ast.For) or inner is not up.iter:
                yield up
        inner = up


def _is_range(iterated: ast.expr, context: Context) -> bool:
    return isinstance(iterated, ast.Call) and context.is_builtin(iterated.func, "range")


def _key_read_on(tree: exp.Expr) -> str | None:
    """The column of `WHERE id > ? ORDER BY id`."""
    from sqlglot import exp

    where, order = tree.args.get("where"), tree.args.get("order")
    if where is None or order is None:
        return None
    ordered = {
        each.this.name
        for each in order.expressions
        if isinstance(each, exp.Ordered) and isinstance(each.this, exp.Column)
    }
    for compared in where.find_all(exp.GT, exp.LT, exp.GTE, exp.LTE):
        left, right = compared.left.unnest(), compared.right.unnest()
        if isinstance(left, exp.Column) and left.name in ordered and _is_given(right):
            return left.name
    return None


def _is_given(node: exp.Expr) -> bool:
    """Whether the program says at run time what a value is."""
    from sqlglot import exp

    given = isinstance(node, exp.Placeholder | exp.Parameter)
    return given or any(
        STANDS_IN.fullmatch(each.name)
        for each in node.find_all(exp.Column, exp.Literal)
    )


def _counted(sink: Sink, context: Context) -> str | None:
    """Where the number of rows is asked for, but for a test whether there are any."""
    for each in fates(context, sink.call, onward=True):
        if each.kind == "counted" and not _only_looked_at(each.node, context):
            line = context.line(each.node)
            return f"its rows are {each.how} (line {line}): a limit caps the count"
    return None


def _only_looked_at(node: ast.AST, context: Context) -> bool:
    """Whether a number is only told, or compared with none."""
    up = context.parent(node)
    match up:
        case ast.Compare(left=left, comparators=[other]):
            side = other if left is node else left
            return isinstance(side, ast.Constant) and side.value == 0
        case ast.If() | ast.While() | ast.UnaryOp() | ast.BoolOp():
            return True
        case ast.FormattedValue():
            return any(_tells(each, context) for each in context.ancestors(node))
    return up is not None and _tells(up, context)


def _tells(node: ast.AST, context: Context) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return is_log(node) or context.is_builtin(node.func, "print")


def _written_back(sink: Sink, context: Context) -> str | None:
    """A loop over the rows that writes to a database."""
    for each in fates(context, sink.call, onward=True):
        if not isinstance(each.node, ast.For):
            continue
        for statement in each.node.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and _writes(node, context):
                    line = context.line(node)
                    return f"the loop over its rows writes them back (line {line})"
    return None


def _writes(call: ast.Call, context: Context, depth: int = 0) -> bool:
    function = context.function_called(call) if depth < 3 else None
    if function is not None:
        calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
        return any(_writes(each, context, depth + 1) for each in calls)
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _RUNS:
        return False
    first = call.args[0] if call.args else None
    return _WRITES.match(leading_text(context, first)) is not None
