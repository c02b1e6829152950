"""Comparisons, and what is contained in what."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.kinds import kind, union
from codemods.catalog.bare_except.operators import operation, special
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen, joined


def comparison(scene: Scene, node: ast.Compare) -> Seen:
    operands = [node.left, *node.comparators]
    seen = [scene.see(one) for one in operands]
    steps = [
        _compared(scene, node, operator, (a, b))
        for operator, a, b in zip(node.ops, operands, operands[1:], strict=False)
    ]
    result = steps[-1].kinds if len(steps) == 1 else union(one.kinds for one in steps)
    return joined([*steps]).giving(result).after(*seen)


def _compared(
    scene: Scene,
    node: ast.Compare,
    operator: ast.cmpop,
    sides: tuple[ast.expr, ast.expr],
) -> Seen:
    match operator:
        case ast.Is() | ast.IsNot():
            return Seen(kind("bool"))
        case ast.In() | ast.NotIn():
            return _contained(scene, node, *sides)
    return operation(scene, node, operator, sides)


def _contained(scene: Scene, node: ast.AST, item: ast.expr, whole: ast.expr) -> Seen:
    parts: list[Seen] = []
    for one in expand(scene.known, scene.kinds(whole)):
        if one.name == "Unknown":
            text = f"`{scene.named(whole)}` is a plain collection"
            doubt = scene.doubt("assumed", text, node)
            parts.append(Seen(kind("bool"), frozenset({"TypeError"}), (doubt,)))
        elif one.name == "record" and not one.of:
            parts.append(Seen(kind("bool")))
        else:
            parts.append(special(scene, node, one, "__contains__", scene.kinds(item)))
    return joined(parts).giving(kind("bool"))
