"""What in a loop may end or change a result that is still being read."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.clients import clients
from codemods.context import Context

# Statements in a loop that end or disturb a result that is still being read.
_DISTURBS = {"execute", "executemany", "executescript", "commit", "rollback", "close",
             "query", "exec", "fetchone", "fetchmany", "fetchall"}  # fmt: skip


def disturbing(loop: ast.For, context: Context) -> tuple[str, ast.AST] | None:
    """What in a loop may end or change a result that is still being read."""
    for statement in loop.body:
        for node in ast.walk(statement):
            match node:
                case ast.Call(func=ast.Attribute(attr=attr)) if attr in _DISTURBS:
                    return f".{attr}()", node
                case ast.Call() if _reaches(node, context, 0):
                    return f"{ast.unparse(node.func)}()", node
                case ast.Break() | ast.Return() | ast.Raise():
                    return type(node).__name__.lower(), node
                case ast.withitem(context_expr=held) if _ends(held, context):
                    return f"with {ast.unparse(held)}", statement
                case ast.Yield() | ast.YieldFrom() | ast.Await():
                    return type(node).__name__.lower(), node
    return None


def _ends(held: ast.expr, context: Context) -> bool:
    """Whether leaving a `with` commits or closes what may be read from."""
    found = clients(context).thing(held)
    made = isinstance(held, ast.Call)
    return found is not None and not made and found.role in ("connection", "cursor")


def handed_on(
    held: ast.expr, loop: ast.For, context: Context
) -> tuple[str, ast.AST] | None:
    """A call in the loop, of something not in view, that is given what is read from."""
    while isinstance(held, ast.Call) and isinstance(held.func, ast.Attribute):
        held = held.func.value
    made = context.value_of(held) if isinstance(held, ast.Name) else None
    if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        further = handed_on(made.func.value, loop, context)
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
