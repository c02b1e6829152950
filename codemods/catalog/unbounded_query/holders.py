"""Texts in a dict or a list that has a name: where they are taken out again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.context import Context


def reads(
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
