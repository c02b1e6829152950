"""The zipped form: the loop runs over the columns that it reads."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeGuard

from codemods.catalog.iterrows.hoisting import bound_frame
from codemods.catalog.iterrows.index import index_is_used, index_name
from codemods.catalog.iterrows.layout import (
    WIDTH,
    column_of,
    has_comment,
    on_lines,
    own_line,
    retarget,
)
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.names import column_list, column_names
from codemods.catalog.iterrows.uses import Column, Label, Use
from codemods.context import Context
from codemods.model import Edit


def zipped(
    loop: Loop, uses: Sequence[Use], context: Context
) -> tuple[Edit, ...] | None:
    """`for a, b in zip(frame["a"].tolist(), frame["b"].tolist())`.

    None where the names alone would fill the line.
    """
    read = [use.literal for use in uses if isinstance(use, Column)]
    columns = [name for name in dict.fromkeys(read) if name is not None]
    indexed = index_is_used(loop, uses, context)
    frame = bound_frame(loop, context, once=len(columns) == 1 and not indexed)
    given = aliases(loop, uses, context)
    names = column_names(loop, columns, given, context)
    lists = [column_list(frame.text, column, context) for column in columns]
    targets = [names[column] for column in columns]
    if indexed:
        index = index_name(loop, uses, context)
        lists.insert(0, f"{frame.text}.index")
        targets.insert(0, index)
    if column_of(loop, targets, context) + len("zip(") > WIDTH:
        return None
    edits = [*frame.edits, retarget(loop, targets, context)]
    several = on_lines("zip", lists, loop, targets, context)
    edits.append(context.replace(loop.call, several if len(lists) > 1 else lists[0]))
    edits += [context.delete(statement) for _, statement in given.values()]
    for use in uses:
        match use:
            case Column(node=node, literal=str() as column) if column not in given:
                edits.append(context.replace(node, names[column]))
            case Label(node=node):
                edits.append(context.replace(node, index_name(loop, uses, context)))
    return tuple(edits)


def aliases(
    loop: Loop, uses: Sequence[Use], context: Context
) -> dict[str, tuple[str, ast.Assign]]:
    """Columns that the body begins by giving a name: `team = row["team"]`.

    The name becomes the loop's own; the assignment goes.
    """
    if not isinstance(loop.holder, ast.For) or not own_line(loop, context):
        return {}
    reads = {use.node: use.literal for use in uses if isinstance(use, Column)}
    found: dict[str, tuple[str, ast.Assign]] = {}
    targets = {name.id for name in ast.walk(loop.holder.target) if _names(name)}
    taken = targets - {loop.row.id} if isinstance(loop.row, ast.Name) else targets
    for statement in loop.holder.body[:-1]:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                column = reads.get(value)
                once = list(reads.values()).count(column) == 1
                if column is None or not once or name in taken:
                    break
                if name in {each.id for each in ast.walk(loop.frame) if _names(each)}:
                    break
                if has_comment(statement, context):
                    break
                taken.add(name)
                found[column] = (name, statement)
            case _:
                break
    return found


def _names(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name)
