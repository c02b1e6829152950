"""Annotations, where Python evaluates them."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

GENERIC = ("list", "dict", "set", "frozenset", "tuple", "type")


def evaluated(scene: Scene, node: ast.expr) -> Seen:
    """What evaluating an annotation comes to; nothing where none is evaluated."""
    for statement in scene.context.tree.body:
        match statement:
            case ast.ImportFrom(module="__future__", names=names):
                if any(one.name == "annotations" for one in names):
                    return NOTHING
    return _hint(scene, node)


def _hint(scene: Scene, node: ast.expr) -> Seen:
    match node:
        case ast.Subscript(value=value, slice=index) if _is_generic(scene, value):
            return joined((scene.see(value), _hint(scene, index)))
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            return joined([NOTHING, *(_hint(scene, one) for one in elts)])
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            sides = joined((_hint(scene, left), _hint(scene, right)))
            return sides.raising("TypeError")
    return scene.see(node)


def _is_generic(scene: Scene, node: ast.expr) -> bool:
    named = scene.context.qualified_name(node)
    return named in GENERIC or (named or "").startswith("typing.")
