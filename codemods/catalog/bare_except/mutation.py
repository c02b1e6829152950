"""Whether what a container holds can have changed since it was bound."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.kinds import UNKNOWN, Kind, Kinds, union
from codemods.catalog.bare_except.scene import Scene
from codemods.facts.scopes import Definition

FIXED = ("tuple", "record", "dict_view", "frozenset", "Iterable", "Iterator")
# Methods that put nothing into a container, nor change what it holds.
LOOKS = frozenset(
    """get keys values items copy index count join split strip most_common union
    difference intersection issubset issuperset isdisjoint startswith endswith lower
    upper replace format encode decode remove pop popleft discard clear reverse
    sort""".split()
)
DEEPEST = 4


def settled(scene: Scene, definition: Definition, kinds: Kinds) -> Kinds:
    """The types of a binding, without what a container held that may have changed."""
    if not any(map(_holds, kinds)) or looked_at(scene, definition, DEEPEST):
        return kinds
    return union(_emptied(one) for one in kinds)


def _holds(one: Kind) -> bool:
    return one.name == "Json" or (bool(one.of) and _is_open(one))


def _is_open(one: Kind) -> bool:
    """Whether something may be put into a value of this kind, or into what it holds."""
    if one.name == "Json" or (one.of and one.name not in FIXED):
        return True
    return any(_is_open(inner) for of in one.of for inner in of)


def _emptied(one: Kind) -> Kinds:
    if one.name == "Json":
        return UNKNOWN
    return frozenset({Kind(one.name) if _is_open(one) else one})


def looked_at(scene: Scene, definition: Definition, depth: int) -> bool:
    """Whether every reader of a binding leaves the object it holds as it is."""
    return depth > 0 and all(
        _looks(scene, name, depth)
        for name in scene.context.facts.flow.readers(definition)
    )


def _looks(scene: Scene, node: ast.expr, depth: int) -> bool:
    up = scene.context.parent(node)
    match up:
        case ast.Subscript(value=value) if value is node:
            return isinstance(up.ctx, ast.Load) and _looks(scene, up, depth)
        case ast.Attribute(value=value, attr=attr) if value is node:
            around = scene.context.parent(up)
            if not isinstance(around, ast.Call) or around.func is not up:
                return False
            return attr in LOOKS and _looks(scene, around, depth)
        case (
            ast.For(target=target, iter=it) | ast.comprehension(target=target, iter=it)
        ) if it is node:
            return _bound(scene, target, depth)
        case ast.Assign(targets=targets, value=value) if value is node:
            return all(_bound(scene, target, depth) for target in targets)
        case ast.Call(func=func) if func is not node:
            qualified = scene.context.qualified_name(func)
            if qualified is not None and scene.known.entry(qualified):
                return True
            return _passed(scene, up, node, depth)
        case ast.keyword():
            return False
        case ast.List() | ast.Tuple() | ast.Dict() | ast.Set() | ast.Yield():
            return False
        case ast.IfExp() | ast.BoolOp() | ast.NamedExpr() | ast.Starred() | ast.Await():
            return False
    return isinstance(up, ast.expr | ast.stmt | ast.FormattedValue)


def _passed(scene: Scene, call: ast.Call, node: ast.expr, depth: int) -> bool:
    """Whether the function in view that is given a container leaves it as it is."""
    called = scene.context.function_called(call)
    if called is None or node not in call.args:
        return False
    place = call.args.index(node) + isinstance(call.func, ast.Attribute)
    parameters = [*called.args.posonlyargs, *called.args.args]
    if place >= len(parameters) or any(isinstance(a, ast.Starred) for a in call.args):
        return False
    found = scene.context.facts.scopes.bound_by.get(parameters[place])
    return found is not None and looked_at(scene, found, depth - 1)


def _bound(scene: Scene, target: ast.expr, depth: int) -> bool:
    """Whether the names of a target leave what they are bound to as it is."""
    if isinstance(target, ast.Tuple | ast.List):
        return all(_bound(scene, one, depth) for one in target.elts)
    found = scene.context.facts.scopes.bound_by.get(target)
    return found is not None and looked_at(scene, found, depth - 1)
