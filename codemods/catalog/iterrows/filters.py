"""What a mask proves of the rows that it lets through: `df[df["n"] > 0]`."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.attributes import series_attributes
from codemods.catalog.iterrows.tells import NUMERIC, Known, Tells
from codemods.context import Context

# Calls that make a mask of a column.
_MASKS = {
    "isin", "isna", "isnull", "notna", "notnull", "between", "duplicated", "eq", "ne",
    "gt", "ge", "lt", "le", "contains", "startswith", "endswith", "match",
}  # fmt: skip


def is_mask(mask: ast.expr, frame: str, context: Context) -> bool:
    """Whether an index selects rows for sure, and not columns.

    `df[self.names]` and `df[config["names"]]` may be lists of columns.
    """
    match mask:
        case ast.Compare() | ast.UnaryOp(op=ast.Invert()):
            return True
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return True
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in _MASKS
    return column_read(mask, frame, context) is not None


def masked(mask: ast.expr, frame: str, context: Context) -> Known:
    match mask:
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            first, second = masked(left, frame, context), masked(right, frame, context)
            both = {name: first[name] | second[name] for name in first.keys() & second}
            return first | second | both
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for side, other in ((left, right), (right, left)):
                column = column_read(side, frame, context)
                if column is not None:
                    return {column: _compared(op, other)}
        case ast.Attribute() | ast.Subscript():
            # A mask by itself is a column of truth values.
            column = column_read(mask, frame, context)
            return {column: NUMERIC} if column is not None else {}
    return {}


def _compared(op: ast.cmpop, other: ast.expr) -> Tells:
    if isinstance(op, ast.NotEq) or not isinstance(other, ast.Constant):
        return Tells.NOTHING
    match other.value:
        case bool() | int() | float():
            return NUMERIC
        case str():
            # Dates equal text as well: `df["day"] == "2024-01-01"`.
            return Tells.NOT_NUMBER if isinstance(op, ast.Eq) else Tells.NOTHING
    return Tells.NOTHING


def column_read(node: ast.expr, frame: str, context: Context) -> str | None:
    match node:
        case ast.Attribute(value=value, attr=attr):
            if context.text(value) == frame and attr not in series_attributes():
                return attr if attr != "columns" else None
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as column)):
            return column if context.text(value) == frame else None
    return None
