"""A query that runs once for each row of another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.unbounded_query.callers import calls_to
from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.fates import LAZY, WHOLE
from codemods.context import Context
from codemods.facts.calls import Defined

_ROWS = {"rows", "cursor", "list", "result", "job"}
_FRAME_LOOPS = {"iterrows", "itertuples"}
Loop = ast.For | ast.AsyncFor | ast.comprehension


def outer_loop(context: Context, call: ast.Call) -> Loop | None:
    """The loop over the rows of a query in which `call` runs, if there is one.

    Looked for around the call and around the calls of the function that holds it.
    """
    around = _around(context, call)
    if around is not None:
        return around
    for up in context.ancestors(call):
        if isinstance(up, Defined):
            loops = (_around(context, each) for each in calls_to(context, up))
            return next((each for each in loops if each is not None), None)
    return None


def _around(context: Context, call: ast.Call) -> Loop | None:
    return next(
        (loop for loop in _loops(context, call) if _over_rows(context, loop.iter)), None
    )


def _loops(context: Context, node: ast.AST) -> Iterator[Loop]:
    """The loops whose bodies hold `node`, innermost first, in its own function."""
    inner = node
    for up in context.ancestors(node):
        if isinstance(up, Defined | ast.Lambda):
            return
        if isinstance(up, ast.For | ast.AsyncFor):
            if inner is not up.iter:
                yield up
        elif isinstance(
            up, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
        ):
            if not any(inner is each for each in up.generators[:1]):
                yield from up.generators
        inner = up


def _over_rows(context: Context, iterated: ast.expr, depth: int = 0) -> bool:
    """Whether iterating yields the rows of a query."""
    thing = clients(context).thing(iterated)
    if thing is not None:
        return thing.role in _ROWS
    if depth > 6:
        return False
    match iterated:
        case ast.Call(func=ast.Attribute(value=frame, attr=attr)) if (
            attr in _FRAME_LOOPS
        ):
            held = clients(context).thing(frame)
            return held is not None and held.role == "frame"
        case ast.Call(args=[*args]):
            name = context.qualified_name(iterated.func)
            lazy = name in LAZY or name in WHOLE
            return lazy and any(_over_rows(context, each, depth + 1) for each in args)
        case ast.ListComp(generators=[only]) | ast.GeneratorExp(generators=[only]):
            return _over_rows(context, only.iter, depth + 1)
        case ast.Name():
            value = context.value_of(iterated)
            return value is not None and _over_rows(context, value, depth + 1)
    return False
