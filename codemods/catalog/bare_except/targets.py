"""Targets of assignments, loops and managers."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.kinds import UNKNOWN, Kinds
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined
from codemods.catalog.bare_except.stores import stored


def bound_to(scene: Scene, target: ast.expr, value: Seen, source: ast.expr) -> Seen:
    """What binding a target to a value comes to; names cannot fail."""
    match target:
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            parts = [bound_to(scene, one, Seen(UNKNOWN), source) for one in elts]
            return joined([unpacked(scene, target, value.kinds), *parts])
        case ast.Starred(value=inner):
            return bound_to(scene, inner, value, source)
    return stored(scene, target, value.kinds, source)


def unpacked(scene: Scene, target: ast.expr, kinds: Kinds) -> Seen:
    """What binding a target to a value of these types comes to."""
    if not isinstance(target, ast.Tuple | ast.List):
        return NOTHING
    starred = any(isinstance(one, ast.Starred) for one in target.elts)
    nested = any(isinstance(one, ast.Tuple | ast.List) for one in target.elts)
    length = len(target.elts)
    if not nested and all(
        one.name == "record"
        and (len(one.of) == length or (starred and len(one.of) >= length - 1))
        for one in kinds
    ):
        return NOTHING
    seen = NOTHING.raising("ValueError")
    if any(one.name in ("Unknown",) for one in kinds):
        text = f"`{scene.named(target)}` is unpacked from a plain sequence"
        return seen.raising("TypeError").doubting(scene.doubt("assumed", text, target))
    return seen.raising("TypeError") if _may_refuse(kinds) or nested else seen


def _may_refuse(kinds: Kinds) -> bool:
    return any(
        one.name not in ("list", "tuple", "record", "str", "dict") for one in kinds
    )
