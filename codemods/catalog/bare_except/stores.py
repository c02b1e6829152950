"""Assignments to attributes and items, in place or not, and deletions."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except import members
from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.iteration import iteration
from codemods.catalog.bare_except.kinds import Kind, Kinds
from codemods.catalog.bare_except.operators import operation, special
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

FIXED = ("None", "int", "float", "bool", "str", "bytes", "tuple", "record", "size")


def stored(scene: Scene, target: ast.expr, kinds: Kinds, source: ast.expr) -> Seen:
    """A target that is bound; names cannot fail."""
    match target:
        case ast.Attribute():
            return _attribute(scene, target)
        case ast.Subscript():
            return _item(scene, target, "__setitem__", kinds)
    return NOTHING


def _attribute(scene: Scene, node: ast.Attribute) -> Seen:
    own = members.stored(scene, node)
    if own is not None:
        return own
    value = scene.see(node.value)
    text = f"`{scene.named(node)}` is a plain attribute"
    doubt = scene.doubt("assumed", text, node)
    return NOTHING.raising("AttributeError").doubting(doubt).after(value)


def _item(scene: Scene, node: ast.Subscript, method: str, *kinds: Kinds) -> Seen:
    value, index = scene.see(node.value), scene.see(node.slice)
    parts = [
        _into(scene, node, one, method, (index.kinds, *kinds))
        for one in expand(scene.known, value.kinds)
    ]
    return joined([NOTHING, *parts, value, index])


def _into(
    scene: Scene, node: ast.Subscript, one: Kind, method: str, given: tuple[Kinds, ...]
) -> Seen:
    if one.name in FIXED:
        return NOTHING.raising("TypeError")
    if one.name != "Unknown":
        return special(scene, node, one, method, *given)
    plain = {kind.name for kind in given[0]}
    raised = {"TypeError"}
    if not plain <= {"str"}:
        raised.add("IndexError")
    if method == "__delitem__":
        raised.add("KeyError")
    text = f"`{scene.named(node.value)}` is a plain dict or list"
    seen = NOTHING.raising(*raised)
    return seen.doubting(scene.doubt("assumed", text, node))


def augmented(scene: Scene, node: ast.AugAssign) -> Seen:
    """`target op= value`: read, combined and stored again."""
    target = _read(node.target)
    value = scene.see(node.value)
    before = scene.see(target)
    seen = joined((value, before, _combined(scene, node, before, value)))
    match node.target:
        case ast.Subscript():
            return seen.after(_item(scene, node.target, "__setitem__", seen.kinds))
        case ast.Attribute():
            return seen.after(_attribute(scene, node.target))
    return seen


def _combined(scene: Scene, node: ast.AugAssign, before: Seen, value: Seen) -> Seen:
    """What the operator comes to; lists and dicts take more in place than else."""
    operators = operation(scene, node, node.op, (node.target, node.value))
    match node.op:
        case ast.Add() if any(one.name == "list" for one in before.kinds):
            return operators.after(iteration(scene, node.value))
        case ast.BitOr() if not _all(value, "dict") and not _all(before, "set", "int"):
            return operators.raising("TypeError", "ValueError")
    return operators


def _all(seen: Seen, *names: str) -> bool:
    return bool(seen.kinds) and all(one.name in names for one in seen.kinds)


def _read(target: ast.expr) -> ast.expr:
    """The target as it is read: the node itself, which the facts know."""
    return target


def deleted(scene: Scene, target: ast.expr) -> Seen:
    match target:
        case ast.Subscript():
            return _item(scene, target, "__delitem__")
        case ast.Attribute():
            return _attribute(scene, target)
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            return joined([NOTHING, *(deleted(scene, one) for one in elts)])
    return NOTHING.raising("NameError")
