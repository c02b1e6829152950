"""Operators, by the special methods of the types on both sides."""

from __future__ import annotations

import ast
from collections.abc import Callable

from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, Kind, Kinds, kind
from codemods.catalog.bare_except.matching import accepts, is_plain
from codemods.catalog.bare_except.outcomes import Outcome, method_outcome
from codemods.catalog.bare_except.percent import percent
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined
from codemods.catalog.bare_except.unsure import unsure

METHODS: dict[type[ast.AST], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.FloorDiv: "__floordiv__",
    ast.Mod: "__mod__",
    ast.Pow: "__pow__",
    ast.LShift: "__lshift__",
    ast.RShift: "__rshift__",
    ast.BitAnd: "__and__",
    ast.BitOr: "__or__",
    ast.BitXor: "__xor__",
    ast.USub: "__neg__",
    ast.UAdd: "__pos__",
    ast.Invert: "__invert__",
    ast.Eq: "__eq__",
    ast.NotEq: "__ne__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}


def binary(scene: Scene, node: ast.BinOp) -> Seen:
    left, right = scene.see(node.left), scene.see(node.right)
    exact = percent(scene, node)
    if exact is not None:
        return exact.after(left, right)
    return operation(scene, node, node.op, (node.left, node.right)).after(left, right)


def operation(
    scene: Scene, node: ast.AST, operator: ast.AST, sides: tuple[ast.expr, ast.expr]
) -> Seen:
    """What an operator with these two expressions on its sides comes to."""
    left, right = (expand(scene.known, scene.kinds(side)) for side in sides)
    if any(one.name == "Unknown" for one in left | right):
        return unsure(scene, node, operator, sides)
    method = METHODS.get(type(operator))
    if method is None or len(left) * len(right) > 36:
        return unsure(scene, node, operator, sides)
    pairs = [_pair(scene, node, method, a, b) for a in left for b in right]
    return joined([NOTHING, *pairs])


def _pair(scene: Scene, node: ast.AST, method: str, left: Kind, right: Kind) -> Seen:
    given = Arguments((frozenset({right}),))
    found = method_outcome(scene.known, left, method, given)
    if found is None:
        known = accepts(scene.known, kind("Builtin"), frozenset({left, right}))
        if known or "None" in (left.name, right.name):
            return Seen(NEVER, frozenset({"TypeError"}))
        text = f"`{scene.named(node)}` is not in the table for a {left.name}"
        return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))
    return told(scene, node, found)


def told(scene: Scene, node: ast.AST, found: Outcome) -> Seen:
    """An outcome of the table as what is seen at a node."""
    seen = Seen(found.gives, found.raises)
    if not found.open:
        return seen
    text = f"`{scene.named(node)}` works on plain values"
    return seen.doubting(scene.doubt("assumed", text, node))


def unary(scene: Scene, node: ast.UnaryOp) -> Seen:
    value = scene.see(node.operand)
    if isinstance(node.op, ast.Not):
        plain = all(is_plain(scene.known, one) or one.of for one in value.kinds)
        seen = Seen(kind("bool")).after(value)
        if plain:
            return seen
        text = f"`{scene.named(node.operand)}` has a plain truth value"
        return seen.doubting(scene.doubt("assumed", text, node))
    parts = [_sign(scene, node, one) for one in expand(scene.known, value.kinds)]
    return joined([NOTHING, *parts]).after(value)


def _sign(scene: Scene, node: ast.UnaryOp, one: Kind) -> Seen:
    if one.literal and isinstance(node.op, ast.USub):
        number = one.literal[0]
        if isinstance(number, int | float):
            return Seen(frozenset({Kind(one.name, (), (-number,))}))
    if one.name == "Unknown":
        return unsure(scene, node, node.op, (node.operand, node.operand))
    return special(scene, node, one, METHODS[type(node.op)])


def special(scene: Scene, node: ast.AST, one: Kind, method: str, *given: Kinds) -> Seen:
    """What a special method of a known kind comes to."""
    found = method_outcome(scene.known, one, method, Arguments(given))
    if found is not None:
        seen = told(scene, node, found)
        library = scene.known.library(one.name)
        if library is not None and library.documented:
            text = f"what `{one.name}` raises"
            return seen.doubting(scene.doubt("read", text, node))
        return seen
    if accepts(scene.known, kind("Builtin"), frozenset({one})):
        return Seen(NEVER, frozenset({"TypeError"}))
    text = f"`{scene.named(node)}` is not in the table for a {one.name}"
    return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))


Operation = Callable[[Scene, ast.AST], Seen]
