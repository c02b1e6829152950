"""Whether the columns of a frame may stand for its rows."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.handlers import catches
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.refusals import printed
from codemods.catalog.iterrows.rounds import unconditional
from codemods.catalog.iterrows.uses import Column, Label, Use
from codemods.context import Context

MOST_ZIPPED = 8
MOST_BINDINGS = 4
# A missing column is a KeyError before the loop; None has an attribute error for
# `.iterrows` and a type error for `[...]`; numpy's numbers have an index error for
# `[0]` where Python's have a type error.
_TOLD_APART = ("KeyError", "LookupError", "IndexError", "AttributeError", "TypeError")
# What makes a frame without columns of an empty list.
_MADE_OF_ROWS = {
    "pandas.DataFrame", "pandas.json_normalize", "pandas.DataFrame.from_records",
    "pandas.DataFrame.from_dict",
}  # fmt: skip


def can_zip(loop: Loop, uses: list[Use], context: Context) -> bool:
    """Only columns by literal names, each read in every round, and not too many."""
    assert isinstance(loop.row, ast.Name)
    columns = [use for use in uses if isinstance(use, Column)]
    names = {use.literal for use in columns}
    if None in names or len(names) > MOST_ZIPPED or not columns:
        return False
    inside = {each for part in loop.body for each in ast.walk(part)}
    for use in uses:
        if not isinstance(use, Column | Label) or use.node not in inside:
            return False
        if isinstance(use, Column) and (
            use.lazy or not use.local or use.name.id != loop.row.id
        ):
            return False
        if isinstance(use, Column) and len(context.definitions(use.name)) != 1:
            return False
        if printed(use.node, context):
            return False
    kind = context.type_of(loop.frame)
    if kind is not None and any(each.name == "None" for each in kind.members):
        # None has an attribute error for `.columns`, as for `.iterrows`.
        return False
    if may_lack(loop.frame, context):
        return False
    if catches(_TOLD_APART, context.ancestors(loop.call)):
        return False
    sure = {u.literal for u in columns if unconditional(u.node, loop, context)}
    return sure == names and not later(columns, context)


def may_lack(frame: ast.expr, context: Context, depth: int = 0) -> bool:
    """Whether the frame may be seen to be empty without columns, as `DataFrame([])`."""
    if depth > MOST_BINDINGS:
        return False
    while not isinstance(frame, ast.Name):
        match frame:
            case ast.Call(func=function):
                if context.qualified_name(function) in _MADE_OF_ROWS:
                    return not (frame.args and isinstance(frame.args[0], ast.Dict))
                if any(may_lack(e, context, depth + 1) for e in _given(frame, context)):
                    return True
                frame = function
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                frame = value
            case ast.IfExp(body=body, orelse=orelse):
                either = (body, orelse)
                return any(may_lack(each, context, depth + 1) for each in either)
            case ast.BoolOp(values=values):
                return any(may_lack(each, context, depth + 1) for each in values)
            case _:
                return False
    return any(
        definition.value is not None
        and definition.kind == "assign"
        and may_lack(definition.value, context, depth + 1)
        for definition in context.definitions(frame)
    )


def _given(call: ast.Call, context: Context) -> list[ast.expr]:
    """What a function of the file returns."""
    function = context.function_called(call)
    if function is None:
        return []
    return [
        each.value
        for each in context.every(ast.Return)
        if each.value is not None and context.scope(each).node is function
    ]


def later(columns: list[Column], context: Context) -> bool:
    """Whether a value is read by code that may run in another round."""
    return any(
        context.enclosing(use.node, ast.Lambda) is not None
        or context.scope(use.node).frame is not context.scope(columns[0].node).frame
        for use in columns
    )
