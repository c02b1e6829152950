"""Loops over rows inside loops over rows: n rows times m rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.audit.measures import Measure, Spot, holds
from codemods.audit.nodes import calls
from codemods.audit.repeats import COMPREHENSIONS, Loop, loops, told
from codemods.catalog.unbounded_query.callers import (
    argument_for,
    calls_to,
    parameters,
)
from codemods.context import Context
from codemods.facts.calls import Defined

ROWS = {"iterrows", "itertuples"}
# What yields what it is given, in order or with something beside it.
WRAPPERS = {"enumerate", "list", "tuple", "reversed", "iter", "zip", "tqdm.tqdm"}


def find(context: Context) -> Iterator[Spot]:
    for node in calls(context):
        if is_rows(context, node):
            found = outer_rows(context, node)
            if found is not None:
                yield from of_loop(context, node, *found)


def of_loop(
    context: Context, call: ast.Call, outer: Loop, frame: ast.expr | None
) -> Iterator[Spot]:
    """An inner loop, unless it is over what the row holds: those rows add up to m."""
    name = " ".join(context.text(call.func).split())
    what = f"`{name}()` runs for each row of {told(context, outer)}"
    if frame is None or not hangs(context, frame, outer):
        yield Spot(call, what, 2)
    elif is_filter(context, frame):
        yield Spot(call, f"{what}, over a filter of all rows", 1)


def is_rows(context: Context, call: ast.Call) -> bool:
    """Whether a call gives a frame's rows: by method, unless another class has it."""
    match call.func:
        case ast.Attribute(value=frame, attr=attr) if attr in ROWS:
            known = context.type_of(frame)
            return known is None or known.name == "pandas.DataFrame"
    return False


def rows_of(context: Context, node: ast.expr) -> ast.Call | None:
    """The call that gives the rows that iterating over `node` yields."""
    if not isinstance(node, ast.Call):
        return None
    if is_rows(context, node):
        return node
    if context.qualified_name(node.func) in WRAPPERS:
        found = (rows_of(context, each) for each in node.args)
        return next((each for each in found if each is not None), None)
    return None


def outer_rows(context: Context, call: ast.Call) -> tuple[Loop, ast.expr | None] | None:
    """The loop over rows around a loop over rows, and the inner frame as seen there.

    Looked for around the loop, and around calls of the function that holds it.
    """
    loop = loop_over(context, call)
    if loop is None or not isinstance(call.func, ast.Attribute):
        return None
    frame = call.func.value
    for each in row_loops(context, loop):
        return each, frame
    for up in context.ancestors(loop):
        if isinstance(up, Defined):
            for caller in calls_to(context, up):
                for each in row_loops(context, caller):
                    return each, passed(frame, caller, up)
    return None


def row_loops(context: Context, node: ast.AST) -> Iterator[Loop]:
    for each in loops(context, node):
        if not isinstance(each, ast.While) and rows_of(context, each.iter):
            yield each


def passed(frame: ast.expr, call: ast.Call, function: Defined) -> ast.expr | None:
    """What a call gives for the parameter that a function takes the frame from."""
    names = parameters(function)
    for node in ast.walk(frame):
        if isinstance(node, ast.Name) and node.id in names:
            return argument_for(call, function, node.id)
    return None


def loop_over(context: Context, call: ast.Call) -> ast.AST | None:
    """What iterates the call: a `for`, or the comprehension's iterable."""
    inner: ast.AST = call
    for up in context.ancestors(call):
        if isinstance(up, ast.For | ast.AsyncFor):
            return up if inner is up.iter else None
        if isinstance(up, ast.comprehension):
            return inner if inner is up.iter else None
        if isinstance(up, ast.stmt | COMPREHENSIONS):
            return None
        inner = up
    return None


def hangs(context: Context, frame: ast.expr, outer: Loop) -> bool:
    """Whether a frame depends on what the outer loop binds."""
    bound = {
        each.id
        for each in ast.walk(outer)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    return any(
        isinstance(each, ast.Name) and each.id in bound for each in ast.walk(frame)
    )


def is_filter(context: Context, frame: ast.expr) -> bool:
    """Whether all rows of another frame are looked at to get this one."""
    match frame:
        case ast.Subscript(slice=ast.Compare() | ast.BinOp() | ast.UnaryOp()):
            return True
        case ast.Call(func=ast.Attribute(attr="query")):
            return True
        case ast.Subscript(value=ast.Attribute(attr="loc"), slice=inner):
            first = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
            return isinstance(first, ast.Compare | ast.BinOp)
        case ast.Name():
            value = context.value_of(frame)
            return value is not None and is_filter(context, value)
    return False


MEASURE = Measure(
    name="nested-rows",
    title="Loops over rows inside loops over rows",
    advice="a join or a merge, once",
    wants=holds(b"iterrows", b"itertuples"),
    search=r"\.(iterrows|itertuples)\(",
    find=find,
)
