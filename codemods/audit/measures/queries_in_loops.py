"""Queries that run once per round of a loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from codemods.audit.measures import Measure, Spot
from codemods.audit.nodes import calls
from codemods.audit.repeats import repeating, told
from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.tables import tables
from codemods.context import Context

LOOPS = (b"for ", b"while ")
TEXT = re.compile(rb"(?i)\b(?:select|insert|update|delete|with|merge|call)\b")
SQL = re.compile(
    r"\s*\(?\s*(SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH|MERGE|CALL)\b", re.I
)


@cache
def run_by() -> re.Pattern[bytes]:
    """A call of what runs a query, by the last part of its name."""
    names = "|".join(sorted(map(re.escape, methods())))
    return re.compile(rf"\b(?:{names})[\s\\]*\(".encode())


@cache
def roots() -> re.Pattern[bytes]:
    """The packages of clients and of functions that run a query."""
    names = {root.rpartition(".")[2] for root in tables().roots}
    names |= {name.partition(".")[0] for name in tables().functions}
    return re.compile("|".join(sorted(map(re.escape, names))).encode())


def wants(data: bytes) -> bool:
    """Whether a query may be run in a loop: by a client, or as a text of SQL."""
    return (
        any(word in data for word in LOOPS)
        and run_by().search(data) is not None
        and (roots().search(data) or TEXT.search(data)) is not None
    )


def find(context: Context) -> Iterator[Spot]:
    for node in calls(context):
        how = how_run(context, node) if may_run(context, node) else None
        loop = repeating(context, node) if how is not None else None
        if loop is not None and not is_read_in_pages(context, node):
            name = " ".join(context.text(node.func).split())
            yield Spot(node, f"`{name}()` in {told(context, loop)}{how}", 1)


@cache
def methods() -> frozenset[str]:
    """The methods and functions that run a query, by their last names."""
    return frozenset(
        name.rpartition(".")[2] for name in (*tables().runs, *tables().functions)
    )


def may_run(context: Context, call: ast.Call) -> bool:
    """Whether what is called is called as something that runs a query is.

    To find out what a name or a client is takes far longer.
    """
    match call.func:
        case ast.Attribute(attr=name):
            return name in methods()
        case ast.Name():
            return context.qualified_name(call.func) in tables().functions
    return False


def how_run(context: Context, call: ast.Call) -> str | None:
    """A clause on what a call runs a query with; None where it runs none.

    A client is known by how it came to be. Where that is not in view, a call runs a
    query if the method and the text say so both.
    """
    if context.qualified_name(call.func) in tables().functions:
        return ""
    if not isinstance(call.func, ast.Attribute):
        return None
    thing = clients(context).thing(call.func.value)
    if thing is not None:
        return "" if tables().takes_query(thing, call.func.attr) else None
    runs = call.func.attr in ("execute", "query", "query_and_wait")
    if runs and call.args and is_sql(context, call.args[0]):
        return " (which client it is is not in view)"
    return None


def is_sql(context: Context, node: ast.expr) -> bool:
    """Whether the text of an expression begins as a statement of SQL."""
    match node:
        case ast.Constant(value=str() as text):
            return SQL.match(text) is not None
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            return SQL.match(text) is not None
        case ast.BinOp(left=left):
            return is_sql(context, left)
        case ast.Name():
            value = context.value_of(node)
            return value is not None and is_sql(context, value)
        case ast.Call(args=[first, *_]) if isinstance(node.func, ast.Name):
            return is_sql(context, first)
        case ast.Call(func=ast.Attribute(value=text, attr="format")):
            return is_sql(context, text)
    return False


def is_read_in_pages(context: Context, call: ast.Call) -> bool:
    """Whether the query asks for its own next part: LIMIT with OFFSET."""
    text = ast.unparse(call.args[0]).upper() if call.args else ""
    return "LIMIT" in text and "OFFSET" in text


MEASURE = Measure(
    name="queries-in-loops",
    title="Queries in loops",
    advice="one query with a join or an IN list; executemany for rows that are written",
    wants=wants,
    search=r"\.execute\(|\.query\(|read_sql|read_gbq",
    find=find,
)
