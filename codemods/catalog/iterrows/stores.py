"""What is stored into a frame before the loop, and what else may change it."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.literals import numeric
from codemods.catalog.iterrows.tells import NUMERIC, Known, Tells
from codemods.context import Context

_BLOCKS = ("body", "orelse", "finalbody")
# Methods that change a frame, or hand it to a function that may.
_CHANGE = {"pop", "update", "isetitem", "pipe", "__setitem__", "__delitem__"}
_LOOKS = {"len", "print", "list", "enumerate", "zip", "isinstance", "type", "id"}


def stores(frame: ast.Name, context: Context) -> Known | None:
    """What the columns stored into a frame before the loop prove.

    None where something is done to it that what is known may not survive.
    """
    statement = context.statement(frame)
    held = context.definitions(frame)
    found: Known = {}
    for definition in held:
        for name in context.uses(definition):
            if name is frame or not _may_come_first(name, frame, context):
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


def _may_come_first(name: ast.Name, frame: ast.Name, context: Context) -> bool:
    """Whether a use of the frame may run before `frame` is read."""
    if context.scope(name).frame is not context.scope(frame).frame:
        # Another function, or the module around this one: at any time.
        return True
    loop = context.statement(frame)
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
    way = [loop, *context.ancestors(loop)]
    for at, each in enumerate(way[1:]):
        if each is home:
            blocks = (getattr(home, field, None) for field in _BLOCKS)
            return any(
                isinstance(block, list)
                and store in block
                and way[at] in block[block.index(store) :]
                for block in blocks
            )
    return False


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
            return in_place or last in _CHANGE
        case ast.Call(func=func) if node is name:
            called = context.qualified_name(func) or ""
            return called not in _LOOKS and not called.startswith("pandas.")
        case ast.List() | ast.Tuple() if isinstance(context.parent(up), ast.Call):
            # `pandas.concat([frame, other])`
            call = context.parent(up)
            assert isinstance(call, ast.Call)
            return not (context.qualified_name(call.func) or "").startswith("pandas.")
        case ast.Compare() | ast.Return() | ast.For() | ast.comprehension():
            return not isinstance(name.ctx, ast.Load)
    # Whatever else takes the frame as a whole, a tuple say, may hand it on.
    return node is name


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
    return numeric(value, context)
