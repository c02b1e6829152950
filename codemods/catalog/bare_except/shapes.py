"""What a value must look like for a body to get anywhere with it: from how it is used.

A shape is plain data, as the program that makes the values up reads it:

    {"types": ["str"], "attributes": {"config": SHAPE}, "items": {"'name'": SHAPE},
     "each": SHAPE, "text": true}

All keys may be missing. `types` are known for sure, `items` goes by the source of the
key, `each` is what iterating gives or a key that is not written out, and `text` says
that methods of text are called on it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from codemods.catalog.bare_except.kinds import Kind, Kinds
from codemods.catalog.bare_except.scene import Scene
from codemods.evidence.cut.real import receiver_kind

Shape = dict[str, Any]
MADE = frozenset(
    "str int float bool None bytes list tuple dict set complex datetime.datetime "
    "datetime.date datetime.timedelta pathlib.Path decimal.Decimal Hashable".split()
)
OTHER_NAMES = {
    "record": "tuple",
    "frozenset": "set",
    "pathlib.PurePath": "pathlib.Path",
}


class Unknown(Exception):
    """A type whose values are not made up here: its name."""


def shape(names: Iterable[ast.Name], scene: Scene) -> Shape:
    """The shape that all uses of one name ask for; raises Unknown."""
    found: Shape = {}
    for name in names:
        _type(found, scene.kinds(name))
        _climb(name, found, scene)
    return found


def _type(found: Shape, kinds: Kinds) -> None:
    """Note the types that are known, and what they hold."""
    if not kinds or any(each.name in ("Unknown", "object") for each in kinds):
        return
    for each in kinds:
        name = OTHER_NAMES.get(each.name, each.name)
        if name not in MADE:
            raise Unknown(each.name)
        found["types"] = sorted({*found.get("types", ()), name})
        _held(found, each)


def _held(found: Shape, known: Kind) -> None:
    """What a list holds, or a dict under its keys."""
    if known.of and known.name in ("list", "tuple", "set", "dict"):
        try:
            _type(found.setdefault("each", {}), known.of[-1])
        except Unknown:
            found["each"] = {}


def _climb(node: ast.expr, found: Shape, scene: Scene) -> None:
    """Note what is done with a value, and with what is got out of it."""
    tree = scene.context.facts.tree
    up = tree.parent(node)
    match up:
        case ast.Attribute(value=value, attr=attr) if value is node:
            call = tree.parent(up)
            if isinstance(call, ast.Call) and call.func is up:
                _method(call, attr, found, scene)
            else:
                several = found.setdefault("attributes", {})
                _got(up, several.setdefault(attr, {}), scene)
        case ast.Subscript(value=value, slice=key) if value is node:
            if isinstance(key, ast.Slice):
                _got(up, found, scene)
            else:
                _got(up, _item(found, key), scene)
        case (
            ast.For(target=target, iter=it) | ast.comprehension(target=target, iter=it)
        ) if it is node:
            _iterated(target, found.setdefault("each", {}), scene)


def _got(node: ast.expr, found: Shape, scene: Scene) -> None:
    """Note what is known of a part, and what is done with it in turn."""
    if isinstance(getattr(node, "ctx", None), ast.Load):
        _type(found, scene.kinds(node))
    _climb(node, found, scene)


def _method(call: ast.Call, name: str, found: Shape, scene: Scene) -> None:
    if receiver_kind(name) == "text":
        found["text"] = True
    elif name in ("get", "pop", "setdefault") and call.args:
        _climb(call, _item(found, call.args[0]), scene)
    elif receiver_kind(name) == "mapping":
        found.setdefault("items", {})


def _item(found: Shape, key: ast.expr) -> Shape:
    """What is under a key: a constant by its source, else any."""
    if isinstance(key, ast.Constant):
        items: dict[str, Shape] = found.setdefault("items", {})
        return items.setdefault(repr(key.value), {})
    below: Shape = found.setdefault("each", {})
    return below


def _iterated(target: ast.expr, found: Shape, scene: Scene) -> None:
    if not isinstance(target, ast.Name):
        return
    facts = scene.context.facts
    definition = facts.scopes.bound_by.get(target)
    for use in facts.flow.readers(definition) if definition is not None else ():
        _got(use, found, scene)
