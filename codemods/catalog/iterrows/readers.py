"""Frames that a text file gave, as it gave them: their missing values are nan."""

from __future__ import annotations

import ast

from codemods.context import Context

# Readers whose missing values are nan and which make no dates unless told to.
_PLAIN_READERS = {
    "pandas.read_csv", "pandas.read_table", "pandas.read_fwf",
}  # fmt: skip
_READER_OPTIONS = {
    "converters",
    "parse_dates",
    "dtype_backend",
    "engine",
    "date_format",
}
_READS_ONLY = {
    "iterrows", "columns", "index", "shape", "empty", "head", "tail", "copy", "groupby",
    "sort_values", "dtypes", "to_numpy", "to_dict", "to_csv", "describe", "info",
}  # fmt: skip


# Frames whose columns have no levels, whatever they are given to read.
_FLAT = {
    "pandas.read_json", "pandas.json_normalize", "pandas.read_sql",
    "pandas.read_sql_query", "pandas.DataFrame", "pandas.DataFrame.from_records",
}  # fmt: skip


def flat(frame: ast.expr, context: Context) -> bool:
    """Whether the columns of a frame are seen to have but one level."""
    value = context.value_of(frame) if isinstance(frame, ast.Name) else frame
    if not isinstance(value, ast.Call):
        return False
    made = context.qualified_name(value.func) in _FLAT
    return made and not any(each.arg in ("columns", None) for each in value.keywords)


def plain(frame: ast.expr, context: Context) -> bool:
    """Whether the frame is what a text file gave, as it gave it."""
    value: ast.expr | None = frame
    if isinstance(frame, ast.Name):
        value = context.value_of(frame)
        for definition in context.definitions(frame):
            if not all(
                _leaves_alone(name, context) for name in context.uses(definition)
            ):
                return False
    if not isinstance(value, ast.Call):
        return False
    options = {keyword.arg for keyword in value.keywords}
    for given in value.keywords:
        if given.arg == "dtype" and not _plain_types(given.value, context):
            return False
    return context.qualified_name(value.func) in _PLAIN_READERS and not (
        options & (_READER_OPTIONS | {None})
    )


def _plain_types(dtype: ast.expr, context: Context) -> bool:
    """`str`, or a dict with `str`, `int` and `float`: no type that holds `<NA>`."""
    kinds = dtype.values if isinstance(dtype, ast.Dict) else [dtype]
    return all(
        context.qualified_name(each) in ("str", "int", "float") for each in kinds
    )


def _leaves_alone(name: ast.Name, context: Context) -> bool:
    up = context.parent(name)
    match up:
        case ast.Attribute(attr=attr, ctx=ast.Load()):
            return attr in _READS_ONLY and not _in_place(up, context)
        case ast.Subscript(value=value, ctx=ast.Load()):
            return value is name and not _in_place(up, context)
        case ast.Call():
            return context.is_builtin(up.func, "len")
    return False


def _in_place(node: ast.AST, context: Context) -> bool:
    """Whether what is taken off a frame is stored into, or changed in place."""
    up = context.parent(node)
    while isinstance(up, ast.Attribute | ast.Subscript) and up.value is node:
        if not isinstance(up.ctx, ast.Load):
            return True
        node, up = up, context.parent(up)
    return isinstance(up, ast.Call) and any(
        each.arg in ("inplace", None) for each in up.keywords
    )
