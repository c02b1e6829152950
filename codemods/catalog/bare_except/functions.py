"""Functions of the file: analysed for the types they are called with."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from codemods.catalog.bare_except.kinds import GENERATOR, NEVER, UNKNOWN, Kinds, kind
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen, joined

Defined = ast.FunctionDef | ast.AsyncFunctionDef
DEEPEST = 6
ROUNDS = 8


def function(
    scene: Scene, defined: Defined, given: Mapping[ast.arg, Kinds], node: ast.AST
) -> Seen:
    """What a call of a function in view comes to, for these parameters.

    A recursive call is taken for nothing at first and looked at again until nothing
    is added: the least fixed point. Too deep a chain is in doubt.
    """
    key = (defined, frozenset(given.items()))
    if key in scene.summaries:
        return scene.summaries[key]
    if key in scene.calls:
        scene.summaries[key] = Seen(NEVER).raising("RecursionError")
        return scene.summaries[key]
    if _depth(scene, defined) > 1 or len(scene.calls) >= DEEPEST:
        text = f"`{defined.name}()` calls too deep to follow"
        return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))
    seen = _settled(scene, defined, given, key)
    if not any(call in scene.summaries for call in scene.calls):
        scene.summaries[key] = seen
    return seen


def _depth(scene: Scene, defined: Defined) -> int:
    return sum(isinstance(one, tuple) and one[0] is defined for one in scene.calls)


def _settled(
    scene: Scene, defined: Defined, given: Mapping[ast.arg, Kinds], key: object
) -> Seen:
    seen = _once(scene, defined, given, key)
    for _ in range(ROUNDS):
        assumed = scene.summaries.get(key)
        if assumed is None:
            return seen
        merged = joined((assumed, seen))
        if merged == assumed:
            break
        scene.summaries[key] = merged
        seen = _once(scene, defined, given, key)
    scene.summaries.pop(key, None)
    return seen


def _once(
    scene: Scene, defined: Defined, given: Mapping[ast.arg, Kinds], key: object
) -> Seen:
    inner = scene.inside(given, key)
    body = inner.run(defined.body)
    own = list(own_nodes(defined))
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own):
        return body.giving(GENERATOR)
    if isinstance(defined, ast.AsyncFunctionDef):
        return Seen(UNKNOWN)
    returned = [
        inner.kinds(node.value) if node.value is not None else kind("None")
        for node in own
        if isinstance(node, ast.Return)
    ]
    if not isinstance(defined.body[-1], ast.Return | ast.Raise):
        returned.append(kind("None"))
    return body.giving(frozenset().union(*returned))


def own_nodes(defined: ast.AST) -> list[ast.AST]:
    """The nodes that run when a function runs: none of nested definitions."""
    found: list[ast.AST] = []
    stack = list(getattr(defined, "body", []))
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            stack.extend(ast.iter_child_nodes(node))
    return found


def parameters(
    scene: Scene, defined: Defined, call: ast.Call, *, bound: bool
) -> dict[ast.arg, Kinds] | None:
    """The types a call gives to a function's parameters; None if it may not bind."""
    arguments = defined.args
    places = [*arguments.posonlyargs, *arguments.args][1 if bound else 0 :]
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    if any(one.arg is None for one in call.keywords):
        return None
    given = dict(zip(places, map(scene.kinds, call.args), strict=False))
    named = [one for one in places if one not in arguments.posonlyargs]
    by_name = {one.arg: one for one in [*named, *arguments.kwonlyargs]}
    for keyword in call.keywords:
        if keyword.arg in by_name:
            if by_name[keyword.arg] in given:
                return None
            given[by_name[keyword.arg]] = scene.kinds(keyword.value)
        elif arguments.kwarg is None:
            return None
    if len(call.args) > len(places) and arguments.vararg is None:
        return None
    return _with_defaults(scene, defined, given, places)


def _with_defaults(
    scene: Scene, defined: Defined, given: dict[ast.arg, Kinds], places: list[ast.arg]
) -> dict[ast.arg, Kinds] | None:
    arguments = defined.args
    optional = [*arguments.posonlyargs, *arguments.args][-len(arguments.defaults) :]
    defaults = (
        dict(zip(optional, arguments.defaults, strict=False))
        if arguments.defaults
        else {}
    )
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            defaults[one] = default
    for one in [*places, *arguments.kwonlyargs]:
        if one not in given:
            if one not in defaults:
                return None
            given[one] = scene.kinds(defaults[one])
    return given
