"""`with` statements: entering, leaving, and the exceptions a manager keeps in."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.bindings import entered
from codemods.catalog.bare_except.kinds import Kind
from codemods.catalog.bare_except.operators import special
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined
from codemods.catalog.bare_except.targets import bound_to

SUPPRESS = "contextlib.suppress"


def with_(scene: Scene, node: ast.With) -> Seen:
    body = scene.run(node.body)
    for item in reversed(node.items):
        body = _around(scene, item, body)
    return body


def _around(scene: Scene, item: ast.withitem, body: Seen) -> Seen:
    match item.context_expr:
        case ast.Call(func=func, args=args) as call if (
            scene.context.qualified_name(func) == SUPPRESS
        ):
            # What it keeps in can only make the set of what gets out smaller.
            return joined([body, *map(scene.see, args)])
        case call:
            value = scene.see(call)
    if any(one.sort == "unknown" for one in value.doubts):
        return joined((body, value, *_as(scene, item)))
    parts = [_managed(scene, item, one) for one in expand(scene.known, value.kinds)]
    return joined([body, value, *parts, *_as(scene, item)])


def _as(scene: Scene, item: ast.withitem) -> list[Seen]:
    """What binding the target of a manager comes to."""
    if item.optional_vars is None:
        return []
    kinds = entered(scene, scene.kinds(item.context_expr))
    return [bound_to(scene, item.optional_vars, Seen(kinds), item.context_expr)]


def _managed(scene: Scene, item: ast.withitem, one: Kind) -> Seen:
    if one.name == "Unknown":
        text = f"`with {scene.named(item.context_expr)}`"
        return NOTHING.doubting(scene.doubt("unknown", text, item.context_expr))
    enters = special(scene, item.context_expr, one, "__enter__")
    leaves = special(scene, item.context_expr, one, "__exit__")
    return joined((enters, leaves))
