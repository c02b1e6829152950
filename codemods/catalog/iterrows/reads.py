"""What is read off a row by index, by attribute or with `get`."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.attributes import series_attributes
from codemods.catalog.iterrows.uses import Column, Label, Mapped, Refused, Use
from codemods.context import Context


def subscript(
    node: ast.Subscript, name: ast.Name, local: bool, context: Context
) -> Use:
    if not isinstance(node.ctx, ast.Load):
        return Refused(f"`{short(context.text(node))}` is written")
    key = node.slice
    match key:
        case ast.Constant(value=str()):
            return Column(node, key, name, local=local)
        case ast.Constant() | ast.UnaryOp():
            return Refused(f"`{context.text(node)}` may be a position")
        case ast.Slice() | ast.Tuple() | ast.List():
            return Refused(f"`{short(context.text(node))}` is a part of the row")
    if _is_number(key, context):
        return Refused(f"`{context.text(node)}` may be a position")
    if _is_several(key, context):
        return Refused(f"`{short(context.text(node))}` is a part of the row")
    return Column(node, key, name, known=_is_text(key, context), local=local)


def _is_number(key: ast.expr, context: Context) -> bool:
    kind = context.type_of(key)
    return kind is not None and any(
        each.name in ("int", "float", "bool") for each in kind.members
    )


def _is_several(key: ast.expr, context: Context) -> bool:
    """Whether a key is a list, a mask or the like, which a dict cannot look up."""
    kind = context.type_of(key)
    return kind is not None and any(
        each.name in ("list", "set", "dict", "slice") or each.name.startswith("pandas.")
        for each in kind.members
    )


def _is_text(key: ast.expr, context: Context) -> bool:
    kind = context.type_of(key)
    return kind is not None and all(each.name == "str" for each in kind.members)


def attribute(
    node: ast.Attribute, name: ast.Name, local: bool, context: Context, *, own: bool
) -> Use:
    """`own` where the name is the loop's, and holds nothing else's label."""
    up = context.parent(node)
    if not isinstance(node.ctx, ast.Load):
        return Refused(f"`{context.text(node)}` is written")
    if node.attr == "get" and isinstance(up, ast.Call) and up.func is node:
        return _get(up, name, local, context)
    if node.attr == "name":
        if own:
            return Label(node)
        return Refused("the row's label is read through another name")
    if node.attr == "index" and local and _labels_only(node, context):
        return Mapped(node, name.id)
    if node.attr == "keys" and isinstance(up, ast.Call) and not up.args:
        return Mapped(up) if _labels_only(up, context) else _series_only(node, context)
    if node.attr in series_attributes():
        return _series_only(node, context)
    called = isinstance(up, ast.Call) and up.func is node
    if node.attr.startswith("_") or called or not local:
        return _series_only(node, context)
    return Column(node, node.attr, name, attribute=True, local=local)


def _labels_only(node: ast.expr, context: Context) -> bool:
    """Whether an expression for the row's labels is iterated or looked up in."""
    up = context.parent(node)
    match up:
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
            return iterated is node
        case ast.Compare(comparators=[only], ops=[ast.In() | ast.NotIn()]):
            return only is node
    return False


def _series_only(node: ast.Attribute, context: Context) -> Refused:
    return Refused(f"`{context.text(node)}` needs a Series")


def _get(call: ast.Call, name: ast.Name, local: bool, context: Context) -> Use:
    match call:
        case ast.Call(args=[key] | [key, _], keywords=[]):
            if isinstance(key, ast.Constant) and not isinstance(key.value, str):
                return Refused(f"`{context.text(call)}` may be a position")
            known = isinstance(key, ast.Constant) or _is_text(key, context)
            if _is_number(key, context):
                return Refused(f"`{context.text(call)}` may be a position")
            if _is_several(key, context):
                return Refused(f"`{context.text(call)}` is a part of the row")
            return Column(call, key, name, lazy=True, known=known, local=local)
    return Refused(f"`{short(context.text(call))}` needs a Series")


def short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= 40 else one[:37] + "..."
