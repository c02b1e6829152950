"""Names that are read: bound in the file, builtins, and out of sight."""

from __future__ import annotations

import ast
import builtins

from codemods.catalog.bare_except.ancestry import methods
from codemods.catalog.bare_except.bindings import held
from codemods.catalog.bare_except.kinds import (
    NEVER,
    UNKNOWN,
    Kind,
    kind,
    parse_kinds,
    union,
)
from codemods.catalog.bare_except.order import may_be_early
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen

MODULE_NAMES = {"__name__": "str", "__doc__": "str | None", "__file__": "str"}


def name(scene: Scene, node: ast.Name) -> Seen:
    """A name that is read: its types, and NameError where it may be unbound."""
    context = scene.context
    owner = context.scope(node).owner(node.id)
    if owner is None:
        return _unowned(scene, node)
    found = context.definitions(node)
    bound = [one for one in found if one.kind not in ("unbound", "delete")]
    seen = Seen(union(held(scene, one) for one in bound) if bound else UNKNOWN)
    missing = len(bound) < len(found) or not found
    missing = missing or context.facts.flow.may_be_missing(node)
    if missing or may_be_early(scene, node, owner, bound):
        return seen.raising("NameError")
    return seen


def root(scene: Scene, node: ast.expr) -> Seen:
    """The name that a dotted one begins with: `json` of `json.loads`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return scene.see(node) if isinstance(node, ast.Name) else NOTHING


def _unowned(scene: Scene, node: ast.Name) -> Seen:
    seen = _builtin(node.id)
    module = scene.context.facts.scopes.module
    if module.stars or module.unseen:
        return from_a_star(scene, node, seen)
    return seen


def from_a_star(scene: Scene, node: ast.Name, seen: Seen) -> Seen:
    """A name that may be bound out of sight, taken for the builtin if there is one."""
    if "NameError" in seen.raises:
        text = f"`{node.id}` is bound somewhere out of sight"
        return Seen(UNKNOWN).doubting(scene.doubt("assumed", text, node))
    text = f"`{node.id}` is the builtin"
    return seen.doubting(scene.doubt("assumed", text, node))


def _builtin(identifier: str) -> Seen:
    if identifier in MODULE_NAMES:
        seen = Seen(parse_kinds(MODULE_NAMES[identifier]))
        return seen.raising("NameError") if identifier == "__file__" else seen
    if identifier.startswith("__") and identifier != "__import__":
        return Seen(UNKNOWN).raising("NameError")
    value = getattr(builtins, identifier, None)
    if value is None:
        return Seen(NEVER).raising("NameError")
    return Seen(kind("Class") if isinstance(value, type) else kind("Function"))


def has(scene: Scene, one: Kind, attribute: str) -> bool | None:
    """Whether a kind has an attribute; None where the table does not say."""
    if methods(scene.known, one, attribute) is not None:
        return True
    if one.name == "None":
        return False
    builtin = getattr(
        builtins, {"size": "int", "record": "tuple"}.get(one.name, one.name), None
    )
    if isinstance(builtin, type):
        return None if hasattr(builtin, attribute) else False
    return None
