"""Operators on values of unknown type, taken for plain ones."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.kinds import UNKNOWN, Kinds
from codemods.catalog.bare_except.matching import EXACT
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen

# What is added to a float, or has one taken from it, in no program.
BESIDE_NO_FLOAT = ("str", "bytes", "list", "tuple", "record", "set", "size", "bool")
# What plain values raise, where a type on one side is not known.
DIVISION = frozenset({"TypeError", "ZeroDivisionError", "OverflowError"})
UNSURE: dict[type[ast.AST], frozenset[str]] = {
    ast.Div: DIVISION,
    ast.FloorDiv: DIVISION,
    ast.Mod: DIVISION | {"ValueError", "KeyError"},
    ast.Pow: DIVISION,
    ast.LShift: DIVISION | {"ValueError"},
    ast.Eq: frozenset(),
    ast.NotEq: frozenset(),
}


def unsure(
    scene: Scene, node: ast.AST, operator: ast.AST, sides: tuple[ast.expr, ast.expr]
) -> Seen:
    raised = UNSURE.get(type(operator), frozenset({"TypeError"}))
    if isinstance(operator, ast.Add | ast.Sub | ast.Mult) and not any(
        _keeps_small(operator, scene.kinds(side)) for side in sides
    ):
        raised |= {"OverflowError"}
    unknown = [
        f"`{scene.named(side)}`"
        for side in sides
        if any(one.name == "Unknown" for one in scene.kinds(side))
    ]
    plain = " and ".join(unknown) or f"`{scene.named(node)}`"
    text = f"{plain} {'are' if len(unknown) > 1 else 'is'} of a builtin type"
    return Seen(UNKNOWN, raised).doubting(scene.doubt("assumed", text, node))


def _keeps_small(operator: ast.AST, kinds: Kinds) -> bool:
    """Whether one side rules out that `+`, `-` or `*` of plain values overflows.

    An int that is too large for a float overflows beside one, and a text or a list
    that is multiplied by it does.
    """
    if isinstance(operator, ast.Mult):
        return all(one.literal and _is_small(one.literal[0]) for one in kinds)
    return all(
        one.name in BESIDE_NO_FLOAT or (one.literal and _is_small(one.literal[0]))
        for one in kinds
    )


def _is_small(value: object) -> bool:
    return isinstance(value, int) and abs(value) < EXACT
