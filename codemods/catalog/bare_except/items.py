"""Items: what a subscript that is read comes to."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, Kind
from codemods.catalog.bare_except.operators import special
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined


def subscript(scene: Scene, node: ast.Subscript) -> Seen:
    """A subscript that is read."""
    value, index = scene.see(node.value), scene.see(node.slice)
    parts = [_item(scene, node, one) for one in expand(scene.known, value.kinds)]
    return joined([NOTHING, *parts]).after(value, index)


def _item(scene: Scene, node: ast.Subscript, one: Kind) -> Seen:
    if one.name == "Unknown":
        return _unknown_item(scene, node)
    index = scene.kinds(node.slice)
    if one.name == "record":
        exact = _place(one, next(iter(index), None))
        if exact is not None:
            return exact
    if one.name in ("None", "int", "float", "bool", "size"):
        return Seen(NEVER, frozenset({"TypeError"}))
    return special(scene, node, one, "__getitem__", index)


def _place(one: Kind, index: Kind | None) -> Seen | None:
    """The element of a tuple of known length at a constant place."""
    if index is None or not index.literal or not isinstance(index.literal[0], int):
        return None
    place = index.literal[0]
    if -len(one.of) <= place < len(one.of):
        return Seen(one.of[place])
    return Seen(NEVER, frozenset({"IndexError"}))


def _unknown_item(scene: Scene, node: ast.Subscript) -> Seen:
    index = scene.kinds(node.slice)
    names = {one.name for one in index}
    if names == {"str"}:
        raised, plain = {"KeyError", "TypeError"}, "dict"
    elif names <= {"cut", "slice"}:
        raised, plain = {"TypeError"}, "sequence"
    elif names <= {"int", "size", "bool"}:
        raised, plain = {"IndexError", "KeyError", "TypeError"}, "list or dict"
    else:
        raised, plain = {"KeyError", "IndexError", "TypeError"}, "dict or list"
    text = f"`{scene.named(node.value)}` is a plain {plain}"
    return Seen(UNKNOWN, frozenset(raised)).doubting(scene.doubt("assumed", text, node))
