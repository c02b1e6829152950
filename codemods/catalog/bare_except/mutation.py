"""Whether what a container holds can have changed since it was bound."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.kinds import UNKNOWN, Kind, Kinds, union
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.watch import Watch
from codemods.facts.scopes import Definition

FIXED = ("tuple", "record", "dict_view", "frozenset", "Iterable", "Iterator")
DEEPEST = 8
EVERY_LEVEL = 99


def settled(scene: Scene, definition: Definition, kinds: Kinds) -> Kinds:
    """The types of a binding, without what a container held that may have changed."""
    if not any(map(_is_open, kinds)):
        return kinds
    watch = Watch(scene, max(map(_levels, kinds)), DEEPEST)
    if not _has_twin(scene, definition) and watch.keeps(definition):
        return kinds
    return union(_emptied(one) for one in kinds)


def _is_open(one: Kind) -> bool:
    """Whether something may be put into a value of this kind, or into what it holds."""
    if one.name == "Json" or (one.of and one.name not in FIXED):
        return True
    return any(_is_open(inner) for of in one.of for inner in of)


def _levels(one: Kind) -> int:
    """How many containers deep a kind is, down to the last that may be changed."""
    if one.name == "Json":
        return EVERY_LEVEL
    inside = [_levels(each) for of in one.of for each in of]
    return 1 + max(inside, default=0) if _is_open(one) else 0


def _emptied(one: Kind) -> Kinds:
    if one.name == "Json":
        return UNKNOWN
    return frozenset({Kind(one.name) if _is_open(one) else one})


def _has_twin(scene: Scene, definition: Definition) -> bool:
    """Whether the same value was bound to something else as well: `a = b = []`."""
    match scene.context.parent(definition.node):
        case ast.Assign(targets=targets):
            return len(targets) > 1
        case ast.NamedExpr():
            return True
    return False
