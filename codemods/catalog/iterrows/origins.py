"""What a frame's filters and the columns put into it prove of every row."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.tells import NUMERIC, TEXT, Tells
from codemods.catalog.iterrows.uses import series_attributes
from codemods.context import Context

# What each column that is known proves of the rows that hold it. A column whose name
# is not known goes by the empty name.
Known = dict[str, Tells]
# Frame methods that keep, order or drop rows, and no values.
_KEEPS_ROWS = {
    "head", "tail", "copy", "sort_values", "sort_index", "drop_duplicates", "dropna",
    "sample", "reset_index", "nlargest", "nsmallest",
}  # fmt: skip
# Calls that make a mask of a column.
_MASKS = {
    "isin", "isna", "isnull", "notna", "notnull", "between", "duplicated", "eq", "ne",
    "gt", "ge", "lt", "le", "contains", "startswith", "endswith", "match",
}  # fmt: skip
_LOOKS = {"len", "print", "list", "enumerate", "zip", "isinstance", "type", "id"}


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
            found = known(inner, context) | _mask(rows, context.text(inner), context)
            return _selected(found, columns)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="iloc"), slice=at):
            return {} if isinstance(at, ast.Tuple) else known(inner, context)
        case ast.Subscript(value=inner, slice=ast.List() as columns):
            return _selected(known(inner, context), columns)
        case ast.Subscript(value=inner, slice=mask) if _is_mask(mask, context):
            return known(inner, context) | _mask(mask, context.text(inner), context)
    return {}


def _method(call: ast.Call, inner: ast.expr, attr: str, context: Context) -> Known:
    if any(each.arg in ("axis", "inplace", None) for each in call.keywords):
        return {}
    if attr == "reset_index":
        return known(inner, context) | _counted(inner)
    if attr == "set_index" and call.args:
        taken = _strings(call.args[0])
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
    return (known(value, context) if value is not None else {}) | stored


def stores(frame: ast.Name, context: Context) -> Known | None:
    """What the columns stored into a frame before the loop prove.

    None where something is done to it that what is known may not survive.
    """
    statement = context.statement(frame)
    held = context.definitions(frame)
    found: Known = {}
    for definition in held:
        for name in context.uses(definition):
            if name is frame or not _may_come_first(name, statement, context):
                continue
            column = _column_stored(name, context)
            if column is not None:
                target = context.parent(name)
                assert isinstance(target, ast.Subscript)
                sure = _before(context.statement(target), statement, context)
                sure = sure and context.definitions(name) == held
                number = sure and _all_numbers(target, context)
                before = found.get(column, NUMERIC)
                found[column] = before & (NUMERIC if number else Tells.NOTHING)
            elif _changes(name, context):
                return None
    return found


def _column_stored(name: ast.Name, context: Context) -> str | None:
    match context.parent(name):
        case ast.Subscript(
            value=value, ctx=ast.Store(), slice=ast.Constant(value=str() as column)
        ) if value is name:
            return column
    return None


def _may_come_first(name: ast.Name, loop: ast.stmt, context: Context) -> bool:
    """Whether a use of the frame may run before the loop reads it."""
    if context.span(name) < context.span(loop):
        return True
    around = set(context.ancestors(name))
    repeated = ast.For | ast.AsyncFor | ast.While
    return any(
        isinstance(each, repeated) and each in around
        for each in context.ancestors(loop)
    )


def _before(store: ast.stmt, loop: ast.stmt, context: Context) -> bool:
    """Whether `store` has always run when the loop begins."""
    home = context.parent(store)
    return home in list(context.ancestors(loop)) and context.span(store) < context.span(
        loop
    )


def _changes(name: ast.Name, context: Context) -> bool:
    """Whether a use of a frame may change its columns or values."""
    node: ast.AST = name
    up = context.parent(node)
    while isinstance(up, ast.Attribute | ast.Subscript) and up.value is node:
        if not isinstance(up.ctx, ast.Load):
            return True
        node, up = up, context.parent(up)
    match up:
        case ast.Call(func=func, keywords=keywords) if func is node:
            last = node.attr if isinstance(node, ast.Attribute) else ""
            in_place = any(each.arg in ("inplace", None) for each in keywords)
            return in_place or last in ("pop", "update", "isetitem")
        case ast.Call(func=func) if node is name:
            called = context.qualified_name(func) or ""
            return called not in _LOOKS and not called.startswith("pandas.")
        case ast.keyword() | ast.Starred() | ast.Assign() if node is name:
            return True
    return not isinstance(name.ctx, ast.Load)


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


def _constructed(call: ast.Call, context: Context) -> Known:
    """`pandas.DataFrame({"n": [1, 2]})`."""
    match call:
        case ast.Call(args=[ast.Dict(keys=keys, values=values)], keywords=[]):
            return {
                key.value: NUMERIC
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and _is_number(value, context)
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
    names = _strings(columns)
    return {name: held[name] for name in names or () if name in held}


def _strings(node: ast.expr) -> list[str] | None:
    """The strings of a literal list, or of one literal."""
    elements = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    found = [
        each.value
        for each in elements
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return found if len(found) == len(elements) else None


def _is_mask(mask: ast.expr, context: Context) -> bool:
    """Whether an index selects rows for sure, and not columns."""
    match mask:
        case ast.Compare() | ast.UnaryOp(op=ast.Invert()):
            return True
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return True
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in _MASKS
        case ast.Attribute(attr=attr):
            return attr not in series_attributes() and attr != "columns"
        case ast.Subscript(slice=ast.Constant(value=str())):
            return True
    return False


def _mask(mask: ast.expr, frame: str, context: Context) -> Known:
    match mask:
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            first, second = _mask(left, frame, context), _mask(right, frame, context)
            both = {name: first[name] | second[name] for name in first.keys() & second}
            return first | second | both
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for side, other in ((left, right), (right, left)):
                column = _column(side, frame, context)
                if column is not None:
                    return {column: _compared(op, other)}
        case ast.Attribute() | ast.Subscript():
            # A mask by itself is a column of truth values.
            column = _column(mask, frame, context)
            return {column: NUMERIC} if column is not None else {}
    return {}


def _compared(op: ast.cmpop, other: ast.expr) -> Tells:
    if isinstance(op, ast.NotEq) or not isinstance(other, ast.Constant):
        return Tells.NOTHING
    match other.value:
        case bool() | int() | float():
            return NUMERIC
        case str():
            return TEXT if isinstance(op, ast.Eq) else Tells.NOTHING
    return Tells.NOTHING


def _column(node: ast.expr, frame: str, context: Context) -> str | None:
    match node:
        case ast.Attribute(value=value, attr=attr):
            if context.text(value) == frame and attr not in series_attributes():
                return attr if attr != "columns" else None
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as column)):
            return column if context.text(value) == frame else None
    return None
