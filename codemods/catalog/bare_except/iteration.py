"""What iterating over a value raises and gives."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, Kind, Kinds
from codemods.catalog.bare_except.matching import elements, expand
from codemods.catalog.bare_except.outcomes import Arguments, method_outcome
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

CHANGING = ("dict", "dict_view", "set", "collections.OrderedDict", "collections.deque")


def iteration(scene: Scene, node: ast.expr) -> Seen:
    """An expression that is iterated over; the types are the elements'."""
    value = scene.see(node)
    parts = [_over(scene, one, node) for one in expand(scene.known, value.kinds)]
    return joined([NOTHING, *parts]).after(value)


def _over(scene: Scene, one: Kind, node: ast.expr) -> Seen:
    if one.name == "Unknown":
        text = f"`{scene.named(node)}` is a plain collection"
        return Seen(UNKNOWN, frozenset({"TypeError"})).doubting(
            scene.doubt("assumed", text, node)
        )
    parts = [
        Seen(inside) for inside in [elements(scene.known, one)] if inside is not None
    ]
    if not parts:
        return _uniterable(scene, one, node)
    for method in ("__iter__", "__next__"):
        found = method_outcome(scene.known, one, method, Arguments())
        if found is not None:
            parts[0] = parts[0].raising(*found.raises)
    return parts[0]


def _uniterable(scene: Scene, one: Kind, node: ast.expr) -> Seen:
    if one.name in ("None", "int", "float", "bool", "size", "Function", "Class"):
        return NOTHING.raising("TypeError")
    text = f"iterating over a {one.name} is not in the table"
    return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))


def changing(kinds: Kinds) -> bool:
    """Whether a loop over these fails when its body adds or removes."""
    return any(one.name in (*CHANGING, "Unknown") for one in kinds)


__all__ = ["NEVER", "changing", "iteration"]
