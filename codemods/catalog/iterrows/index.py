"""The index of the rows: whether it is read, and by what name."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.catalog.iterrows.hoisting import bound_frame
from codemods.catalog.iterrows.layout import retarget
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.names import NoForm
from codemods.catalog.iterrows.uses import Label, Use
from codemods.context import Context
from codemods.model import Edit


def index_only(loop: Loop, context: Context) -> tuple[Edit, ...]:
    """`for index in frame.index`: the row is not used."""
    frame = bound_frame(loop, context, once=True)
    return (
        *frame.edits,
        context.replace(loop.call, f"{frame.text}.index"),
        retarget(loop, [context.text(loop.index)], context),
    )


def index_is_used(loop: Loop, uses: Sequence[Use], context: Context) -> bool:
    if any(isinstance(use, Label) for use in uses):
        return True
    bound = context.bindings(loop.index)
    if not isinstance(loop.index, ast.Name) or not bound:
        return True
    return any(context.uses(definition) for definition in bound)


def index_name(loop: Loop, uses: Sequence[Use], context: Context) -> str:
    """What the index is called: as before, or `index` where it was `_` and is read."""
    text = context.text(loop.index)
    needed = any(isinstance(use, Label) for use in uses)
    if needed and (text == "_" or not isinstance(loop.index, ast.Name)):
        if isinstance(loop.index, ast.Name):
            return context.fresh_name(loop.statement, "index")
        raise NoForm("the index is unpacked and read by `.name` too")
    return text
