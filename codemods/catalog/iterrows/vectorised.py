"""Loops that only fill a list, a set or a dict: one call does the same."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.catalog.iterrows.hoisting import bound_frame, written
from codemods.catalog.iterrows.index import index_is_used
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.names import column_list
from codemods.catalog.iterrows.uses import Column, Use
from codemods.context import Context
from codemods.model import Edit

# The method that adds one element, and the one that adds many, by type.
ADDERS = {("list", "append"): "extend", ("set", "add"): "update"}


def filled(
    loop: Loop, uses: Sequence[Use], context: Context
) -> tuple[Edit, ...] | None:
    """`out.extend(frame["a"].tolist())` for a loop that appends one column.

    None where the loop does anything else, or holds a comment.
    """
    holder = loop.holder
    if not isinstance(holder, ast.For) or holder.orelse or len(holder.body) != 1:
        return None
    if holder.target is not loop.pair or holder.iter is not loop.call:
        return None
    if index_is_used(loop, uses, context) or "#" in context.text(holder):
        return None
    columns = {use.node: use.literal for use in uses if isinstance(use, Column)}
    call = _call(holder.body[0], columns, context)
    if call is None:
        return None
    target, method, order = call
    frame = bound_frame(loop, context, once=len(order) == 1)
    lists = [column_list(frame.text, column, context) for column in order]
    argument = lists[0] if len(lists) == 1 else f"zip({', '.join(lists)})"
    text = f"{target}.{method}({argument})"
    if frame.edits:
        text = f"{frame.text} = {written(loop, context)}\n{text}"
    return (context.replace(holder, text),)


def _call(
    statement: ast.stmt, columns: dict[ast.expr, str | None], context: Context
) -> tuple[str, str, list[str]] | None:
    """What is filled, by which method, and from which columns."""
    match statement:
        case ast.Expr(
            ast.Call(
                func=ast.Attribute(value=ast.Name() as target, attr=adder),
                args=[value],
                keywords=[],
            )
        ):
            kind = context.type_of(target)
            column = columns.get(value)
            method = ADDERS.get((kind.name, adder)) if kind is not None else None
            if method is not None and column is not None:
                return target.id, method, [column]
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name() as target, slice=key)], value=value
        ):
            kind = context.type_of(target)
            pair = [columns.get(key), columns.get(value)]
            if kind is not None and kind.name == "dict":
                known = [column for column in pair if column is not None]
                return (target.id, "update", known) if len(known) == 2 else None
    return None
