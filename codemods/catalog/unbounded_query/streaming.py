"""A loop over `fetchall()` as one over the cursor."""

from __future__ import annotations

import ast
import re

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.handling import handled, home_of, uses_of
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

FETCH_CAVEAT = (
    "rows are read while the loop runs: nothing that it calls may write to the tables "
    "that are read, commit, or use the same connection's cursor"
)
# Statements in a loop that end or disturb a result that is still being read.
_DISTURBS = {"execute", "executemany", "executescript", "commit", "rollback", "close",
             "query", "exec", "fetchone", "fetchmany", "fetchall"}  # fmt: skip


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
    given = _handed_on(func.value, loop, context)
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


def disturbing(loop: ast.For, context: Context) -> tuple[str, ast.AST] | None:
    """What in a loop may end or change a result that is still being read."""
    for statement in loop.body:
        for node in ast.walk(statement):
            match node:
                case ast.Call(func=ast.Attribute(attr=attr)) if attr in _DISTURBS:
                    return f".{attr}()", node
                case ast.Call() if _reaches(node, context, 0):
                    return f"{ast.unparse(node.func)}()", node
                case ast.Break() | ast.Return():
                    return type(node).__name__.lower(), node
                case ast.Yield() | ast.YieldFrom() | ast.Await():
                    return type(node).__name__.lower(), node
    return None


def _handed_on(
    held: ast.expr, loop: ast.For, context: Context
) -> tuple[str, ast.AST] | None:
    """A call in the loop, of something not in view, that is given what is read from."""
    while isinstance(held, ast.Call) and isinstance(held.func, ast.Attribute):
        held = held.func.value
    made = context.value_of(held) if isinstance(held, ast.Name) else None
    if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        further = _handed_on(made.func.value, loop, context)
        if further is not None:
            return further
    root = held.value if isinstance(held, ast.Attribute) else held
    if not isinstance(root, ast.Name):
        return None
    for statement in loop.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id == root.id:
                call = _call_around(node, held, context)
                if call is not None:
                    return f"{ast.unparse(call.func)}()", call
    return None


def _call_around(name: ast.Name, held: ast.expr, context: Context) -> ast.Call | None:
    """The call that is given an object, or is one of its methods not in view."""
    up = context.parent(name)
    if isinstance(up, ast.Attribute) and isinstance(held, ast.Attribute):
        if up.attr == held.attr:
            name_or_part, up = up, context.parent(up)
            return up if isinstance(up, ast.Call) and name_or_part in up.args else None
        call = context.parent(up)
        unseen = isinstance(call, ast.Call) and context.function_called(call) is None
        return call if unseen and isinstance(call, ast.Call) else None
    if isinstance(up, ast.keyword):
        up = context.parent(up)
    return up if isinstance(up, ast.Call) and name is not up.func else None


def _reaches(call: ast.Call, context: Context, depth: int) -> bool:
    """Whether a function of the file that is called does what disturbs."""
    function = context.function_called(call) if depth < 4 else None
    if function is None:
        return False
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(
        (isinstance(each.func, ast.Attribute) and each.func.attr in _DISTURBS)
        or _reaches(each, context, depth + 1)
        for each in calls
    )
