"""What becomes of a call's rows, also where a cursor is asked for them later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.fates import Fate
from codemods.catalog.unbounded_query.rows import Walk
from codemods.context import Context
from codemods.facts.calls import Defined


def fates(context: Context, node: ast.expr, *, onward: bool = False) -> list[Fate]:
    """What happens to the rows that `node` (a job, cursor, iterator, list) holds.

    `onward` is as in Walk.
    """
    found = list(Walk(context, node, set(), onward).fates(node))
    call = node
    if isinstance(call, ast.Call) and all(each.kind == "waited" for each in found):
        held = clients(context).thing(call)
        if held is None or held.role in ("cursor", "connection"):
            later = list(_after_execute(context, call, onward))
            return later or found
    return found


def _after_execute(context: Context, call: ast.Call, onward: bool) -> Iterator[Fate]:
    """What the same cursor is used for after `cursor.execute(...)` stood alone."""
    if not isinstance(call.func, ast.Attribute):
        return
    receiver = call.func.value
    spelled = ast.unparse(receiver)
    walk = Walk(context, call, set(), onward)
    for use in _same(context, receiver, call):
        up = context.parent(use)
        again = isinstance(up, ast.Attribute) and up.attr.startswith("execute")
        if again:
            if exclusive(context, call, use):
                continue
            return
        if ast.unparse(use) == spelled:
            yield from walk.fates(use)


def _same(context: Context, receiver: ast.expr, call: ast.Call) -> Iterator[ast.expr]:
    """The same name or self attribute later in the same function, by position."""
    frame: ast.AST = context.tree
    for up in context.ancestors(call):
        if isinstance(up, Defined):
            frame = up
            break
    end = context.span(call)[1]
    spelled = ast.dump(receiver)
    found = [
        node
        for node in ast.walk(frame)
        if isinstance(node, ast.Name | ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and ast.dump(node) == spelled
        and context.span(node)[0] >= end
        and not _by_another(context, receiver, node)
    ]
    yield from sorted(found, key=lambda node: context.span(node))


def _by_another(context: Context, one: ast.expr, other: ast.expr) -> bool:
    """Whether a name was bound anew in between."""
    if isinstance(one, ast.Name) and isinstance(other, ast.Name):
        return not set(context.definitions(one)) & set(context.definitions(other))
    return False


def exclusive(context: Context, one: ast.AST, other: ast.AST) -> bool:
    """Whether two places stand in different branches of one `if`."""
    for up in context.ancestors(one):
        if isinstance(up, ast.If):
            branch = [
                _within(context, each, (up.body, up.orelse)) for each in (one, other)
            ]
            if None not in branch and branch[0] != branch[1]:
                return True
    return False


def _within(
    context: Context, node: ast.AST, branches: tuple[list[ast.stmt], list[ast.stmt]]
) -> int | None:
    ups = [node, *context.ancestors(node)]
    for index, branch in enumerate(branches):
        if any(each in branch for each in ups):
            return index
    return None
