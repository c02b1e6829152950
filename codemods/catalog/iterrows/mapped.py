"""The mapped form: a dict a row, from the array that `iterrows` itself reads."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.catalog.iterrows.hoisting import bound_frame, joined
from codemods.catalog.iterrows.index import index_is_used, index_name
from codemods.catalog.iterrows.layout import first_of_body, own_line, retarget
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.names import in_place, own_name
from codemods.catalog.iterrows.uses import Column, Label, Mapped, Use
from codemods.context import Context
from codemods.model import Edit


def mapped(
    loop: Loop, uses: Sequence[Use], context: Context, *, copied: bool
) -> tuple[Edit, ...]:
    """A dict a row, from the array that `iterrows` itself reads.

    `copied` where the loop may write into the frame.
    """
    assert isinstance(loop.row, ast.Name)
    row = loop.row.id
    frame = bound_frame(loop, context)
    columns = own_name(loop, "columns", context)
    values = own_name(loop, "values", context)
    lines = f"{columns} = {frame.text}.columns.tolist()"
    build = f"dict(zip({columns}, {values}))"
    used = index_is_used(loop, uses, context)
    array = f"{frame.text}.to_numpy({'copy=True' if copied else ''})"
    edits: list[Edit] = []
    if isinstance(loop.holder, ast.For) and own_line(loop, context):
        source, target = array, values
        edits.append(first_of_body(loop.holder, f"{row} = {build}", context))
    else:
        source, target = own_name(loop, "records", context), row
        lines += f"\n{source} = [{build} for {values} in {array}]"
    edits += joined(frame, loop, lines, context)
    targets = [target]
    if used:
        source = f"zip({frame.text}.index, {source})"
        targets.insert(0, index_name(loop, uses, context))
    edits += [retarget(loop, targets, context), context.replace(loop.call, source)]
    for use in uses:
        edits += _use_of_dict(use, loop, uses, context)
    return tuple(edits)


def _use_of_dict(
    use: Use, loop: Loop, uses: Sequence[Use], context: Context
) -> list[Edit]:
    match use:
        case Column(attribute=True, node=node, name=name, key=str() as key):
            return [context.replace(node, f"{name.id}[{in_place(key, node, context)}]")]
        case Mapped(node=node, text=str() as text):
            return [context.replace(node, text)]
        case Label(node=node):
            return [context.replace(node, index_name(loop, uses, context))]
    return []
