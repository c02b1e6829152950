"""A loop over `fetchall()` as one over the cursor."""

from __future__ import annotations

import ast
import re

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.disturbances import disturbing, handed_on
from codemods.catalog.unbounded_query.handling import handled, home_of, uses_of
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

FETCH_CAVEAT = (
    "rows are read while the loop runs: nothing that it calls may write to the tables "
    "that are read, commit, or use the same connection's cursor"
)


def fetched_in_head(node: ast.Call, context: Context) -> Verdict:
    """`for row in cursor.fetchall():` as an iteration over the cursor."""
    loop = context.parent(node)
    func = node.func
    if node.args or node.keywords:
        return None
    if not isinstance(loop, ast.For) or loop.iter is not node:
        return None
    assert isinstance(func, ast.Attribute)
    held = clients(context).thing(func.value)
    if held is None or tables().gives(held, func.attr) != "list":
        return None
    if held.family not in tables().streams:
        return Decline(_all_there(held), message=_FETCHED)
    found = disturbing(loop, context)
    if found is not None:
        return _disturbed(*found, context)
    other = _other_use(func.value, loop, context)
    if other is not None:
        where = context.line(other)
        return Decline(f"the cursor is used again at line {where}", message=_FETCHED)
    given = handed_on(func.value, loop, context)
    if given is not None:
        return _disturbed(*given, context)
    end = context.span(func.value)[1]
    removed = context.facts.tree.code[end : context.span(node)[1]]
    if b"#" in removed:
        return Decline("a comment stands beside `fetchall()`", message=_FETCHED)
    if not _CALLED.fullmatch(removed):
        return Decline("a parenthesised cursor", message=_FETCHED)
    edit = Edit(end, context.span(node)[1], "")
    return Fix((edit,), caveat=FETCH_CAVEAT, message=_FETCHED)


def _disturbed(what: str, at: ast.AST, context: Context) -> Decline:
    where = context.line(at)
    return Decline(
        f"`{what}` in the loop (line {where}) may end or change what is being read",
        message=_FETCHED,
    )


_FETCHED = "a loop over `fetchall()` holds every row before the first is used"


# What the edit takes away: the call, with line breaks but nothing else around it.
_CALLED = re.compile(rb"[\s\\]*\.[\s\\]*fetchall[\s\\]*\([\s\\]*\)")


def _other_use(cursor: ast.expr, loop: ast.For, context: Context) -> ast.expr | None:
    """A use of the cursor that may see how far the loop has read, if there is one."""
    if isinstance(cursor, ast.Call) and isinstance(cursor.func, ast.Attribute):
        # `cursor.execute(...)` gives the cursor.
        cursor = cursor.func.value
        held = clients(context).thing(cursor)
        if held is None or held.role != "cursor":
            return None
    home, end = home_of(context, loop), context.span(loop)[1]
    for use in uses_of(context, cursor):
        if context.span(use)[0] < context.span(loop.body[0])[0]:
            if handled(context, use) == "shares":
                return use
        elif context.span(use)[0] < end or isinstance(cursor, ast.Name):
            elsewhere = home_of(context, use) is not home
            if elsewhere or context.span(use)[0] < end:
                return use
            if handled(context, use) not in ("asks", "quiet"):
                return use
    return None


def _all_there(held: Thing) -> str:
    if held.family in ("duckdb", "clickhouse_driver", "clickhouse_connect"):
        return "this client's result cannot be iterated row by row"
    if held.family == "sqlalchemy":
        return "whether the driver behind it streams rows is not in view"
    return "this client's cursor holds all rows already: iterating it gains nothing"
