"""What the frame is made of, and what that proves of every row."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.filters import is_mask, masked
from codemods.catalog.iterrows.literals import numeric, strings
from codemods.catalog.iterrows.stores import stores
from codemods.catalog.iterrows.tells import NUMERIC, Known, Tells
from codemods.context import Context

# Frame methods that keep, order or drop rows, and no values.
_KEEPS_ROWS = {
    "head", "tail", "copy", "sort_values", "sort_index", "drop_duplicates", "dropna",
    "sample", "reset_index", "nlargest", "nsmallest",
}  # fmt: skip


def proofs(frame: ast.expr, context: Context) -> Tells:
    """`df[df["n"] > 0]`, `df[df.flag & ...]`: each row has such a value.

    The mask is taken to be over the frame's own columns: it is if it reads them off
    the same expression.
    """
    found = Tells.NOTHING
    for each in known(frame, context).values():
        found |= each
    return found


def known(frame: ast.expr, context: Context) -> Known:
    """The columns of which something is known, in whatever form the frame comes."""
    match frame:
        case ast.Name():
            return _named(frame, context)
        case ast.Call() if context.qualified_name(frame.func) == "pandas.DataFrame":
            return _constructed(frame, context)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)):
            return _method(frame, inner, attr, context)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="loc"), slice=at):
            rows, columns = at, None
            if isinstance(at, ast.Tuple) and len(at.elts) == 2:
                rows, columns = at.elts
            found = known(inner, context) | masked(rows, context.text(inner), context)
            return _selected(found, columns)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="iloc"), slice=at):
            return {} if isinstance(at, ast.Tuple) else known(inner, context)
        case ast.Subscript(value=inner, slice=ast.List() as columns):
            return _selected(known(inner, context), columns)
        case ast.Subscript(value=inner, slice=mask):
            text = context.text(inner)
            if is_mask(mask, text, context):
                return known(inner, context) | masked(mask, text, context)
    return {}


def _method(call: ast.Call, inner: ast.expr, attr: str, context: Context) -> Known:
    if any(each.arg in ("axis", "inplace", None) for each in call.keywords):
        return {}
    if attr == "reset_index":
        return known(inner, context) | _counted(inner)
    if attr == "set_index" and call.args:
        taken = strings(call.args[0])
        if taken is not None:
            held = known(inner, context)
            return {name: held[name] for name in held if name and name not in taken}
    return known(inner, context) if attr in _KEEPS_ROWS else {}


def _named(frame: ast.Name, context: Context) -> Known:
    """What the name was given, and the columns stored into it since."""
    stored = stores(frame, context)
    if stored is None:
        return {}
    value = context.value_of(frame)
    if isinstance(value, ast.Name):
        # The same frame by another name, by which it may be changed.
        return {}
    return (known(value, context) if value is not None else {}) | stored


def _constructed(call: ast.Call, context: Context) -> Known:
    """`pandas.DataFrame({"n": [1, 2]})`."""
    match call:
        case ast.Call(args=[ast.Dict(keys=keys, values=values)], keywords=[]):
            return {
                key.value: NUMERIC
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and numeric(value, context)
            }
    return {}


def _counted(node: ast.expr) -> Known:
    """Counting groups gives a column of whole numbers, none of them missing."""
    match node:
        case ast.Call(func=ast.Attribute(attr="size" | "value_counts" | "nunique")):
            return {"": NUMERIC}
    return {}


def _selected(held: Known, columns: ast.expr | None) -> Known:
    match columns:
        case None | ast.Slice(lower=None, upper=None):
            return held
    names = strings(columns)
    return {name: held[name] for name in names or () if name in held}
