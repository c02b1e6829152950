"""What iterating over a value raises and gives."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from codemods.catalog.bare_except.ancestry import ancestors, elements, expand
from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import UNKNOWN, Kind
from codemods.catalog.bare_except.outcomes import method_outcome
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

GROWING = "collections.defaultdict"
CHANGING = ("dict", "dict_view", "set", "collections.deque", GROWING)
MUTATES = ("add", "append", "clear", "discard", "insert", "pop", "popitem", "remove",
           "setdefault", "update", "extend", "popleft", "appendleft", "extendleft",
           "rotate", "move_to_end", "subtract", "difference_update", "__setitem__",
           "intersection_update", "symmetric_difference_update", "reverse",
           "__delitem__", "__next__")  # fmt: skip
# Functions that are done with what they are given when they return.
AT_ONCE = ("list", "tuple", "sorted", "set", "frozenset", "dict", "len", "range", "sum",
           "max", "min", "str", "any", "all")  # fmt: skip


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


def changing(scene: Scene, node: ast.expr) -> bool:
    """Whether a loop over an expression fails when its body adds or removes."""
    if isinstance(node, ast.Call):
        if scene.context.qualified_name(node.func) in AT_ONCE:
            return False
        if any(changing(scene, one) for one in node.args):
            return True
    return any(
        up.name in (*CHANGING, "Unknown")
        for one in scene.kinds(node)
        for up in ancestors(scene.known, one)
    )


def mutates(scene: Scene, body: Iterable[ast.AST]) -> bool:
    """Whether a loop's body may add to or take from a collection."""
    return any(_mutates(scene, node) for part in body for node in ast.walk(part))


def _mutates(scene: Scene, node: ast.AST) -> bool:
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.AugAssign():
            return True
        case ast.Subscript(value=value):
            # A defaultdict grows when it is read.
            return any(one.name == GROWING for one in scene.kinds(value))
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in MUTATES
        case ast.Call(func=ast.Name() as func):
            return scene.context.scope(func).owner(func.id) is not None
    return False
