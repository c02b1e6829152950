"""What a frame's filters and the columns put into it prove of every row."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.values import NUMERIC, TEXT, Tells
from codemods.context import Context

# Frame methods that keep, order or drop rows, and no values.
_KEEPS_ROWS = {
    "head", "tail", "copy", "sort_values", "sort_index", "drop_duplicates", "dropna",
    "sample", "reset_index", "set_index", "nlargest", "nsmallest",
}  # fmt: skip


def proofs(frame: ast.expr, context: Context) -> Tells:
    """`df[df["n"] > 0]`, `df[df.flag & ...]`: each row has such a value.

    The mask is taken to be over the frame's own columns: it is if it reads them off
    the same expression.
    """
    match frame:
        case ast.Name():
            stored = stores(frame, context)
            if stored is None:
                return Tells.NOTHING
            value = context.value_of(frame)
            if value is None:
                return stored
            return stored if stored else proofs(value, context)
        case ast.Call(func=ast.Attribute(value=inner, attr="reset_index")):
            return _counted(inner) | proofs(inner, context)
        case ast.Call() if context.qualified_name(frame.func) == "pandas.DataFrame":
            return _constructed(frame, context)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)):
            return proofs(inner, context) if attr in _KEEPS_ROWS else Tells.NOTHING
        case ast.Subscript(value=ast.Attribute(value=inner, attr="loc"), slice=mask):
            if isinstance(mask, ast.Tuple):
                mask = mask.elts[0]
            return _mask(mask, context.text(inner), context)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="iloc")):
            return proofs(inner, context)
        case ast.Subscript(value=inner, slice=mask):
            return _mask(mask, context.text(inner), context) | proofs(inner, context)
    return Tells.NOTHING


def stores(frame: ast.Name, context: Context) -> Tells | None:
    """What the columns stored into a frame before the loop prove.

    None where something is stored in a way that proofs do not survive.
    """
    statement = context.statement(frame)
    numbers: dict[str, bool] = {}
    for definition in context.definitions(frame):
        for name in context.uses(definition):
            match context.parent(name):
                case (
                    ast.Subscript(
                        ctx=ast.Store(), slice=ast.Constant(value=str() as column)
                    ) as target
                ):
                    sure = _before(context.statement(target), statement, context)
                    known = sure and _all_numbers(target, context)
                    numbers[column] = numbers.get(column, True) and known
                case ast.Attribute() | ast.Subscript() as up:
                    if _stores_deeper(up, context):
                        return None
    return NUMERIC if any(numbers.values()) else Tells.NOTHING


def _before(store: ast.stmt, loop: ast.stmt, context: Context) -> bool:
    """Whether `store` has always run when the loop begins."""
    home = context.parent(store)
    return home in list(context.ancestors(loop)) and context.span(store) < context.span(
        loop
    )


def _stores_deeper(node: ast.AST, context: Context) -> bool:
    up: ast.AST | None = node
    while isinstance(up, ast.Attribute | ast.Subscript):
        if not isinstance(up.ctx, ast.Load):
            return True
        up = context.parent(up)
    return False


def _all_numbers(target: ast.Subscript, context: Context) -> bool:
    """`frame["n"] = [1, 2]`, `= 0`, `= ... > 1`, `= ....astype(int)`."""
    statement = context.parent(target)
    if not (isinstance(statement, ast.Assign) and statement.targets == [target]):
        return False
    value = statement.value
    match value:
        case ast.Call(func=ast.Attribute(attr="astype"), args=[ast.Name() as kind]):
            return context.qualified_name(kind) in ("int", "bool")
        case ast.Compare():
            return not isinstance(value.ops[0], ast.In | ast.NotIn)
    return _is_number(value, context)


def _is_number(value: ast.expr, context: Context) -> bool:
    """A number, or a literal list of nothing else."""
    if isinstance(value, ast.List | ast.Tuple):
        return bool(value.elts) and all(_is_number(e, context) for e in value.elts)
    kind = context.type_of(value)
    return kind is not None and kind.name in ("int", "float", "bool")


def _constructed(call: ast.Call, context: Context) -> Tells:
    """`pandas.DataFrame({"n": [1, 2]})`."""
    match call.args:
        case [ast.Dict(values=values), *_]:
            if any(_is_number(value, context) for value in values):
                return NUMERIC
    return Tells.NOTHING


def _counted(node: ast.expr) -> Tells:
    """Counting groups gives a column of whole numbers, none of them missing."""
    match node:
        case ast.Call(func=ast.Attribute(attr="size" | "value_counts" | "nunique")):
            return NUMERIC
    return Tells.NOTHING


def _mask(mask: ast.expr, frame: str, context: Context) -> Tells:
    match mask:
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            return _mask(left, frame, context) | _mask(right, frame, context)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for column, other in ((left, right), (right, left)):
                if _is_column(column, frame, context):
                    return _compared(op, other)
        case ast.Attribute() | ast.Subscript() if _is_column(mask, frame, context):
            # A mask by itself is a column of truth values.
            return NUMERIC
    return Tells.NOTHING


def _compared(op: ast.cmpop, other: ast.expr) -> Tells:
    if isinstance(op, ast.NotEq) or not isinstance(other, ast.Constant):
        return Tells.NOTHING
    match other.value:
        case bool() | int() | float():
            return NUMERIC
        case str():
            return TEXT if isinstance(op, ast.Eq) else Tells.NOTHING
    return Tells.NOTHING


def _is_column(node: ast.expr, frame: str, context: Context) -> bool:
    match node:
        case ast.Attribute(value=value):
            return context.text(value) == frame
        case ast.Subscript(value=value, slice=ast.Constant(value=str())):
            return context.text(value) == frame
    return False
