"""`"..." % values` with a constant format: what it raises is seen by trying."""

from __future__ import annotations

import ast
import re

from codemods.catalog.bare_except.kinds import Kinds, kind
from codemods.catalog.bare_except.matching import accepts, is_plain
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen

CONVERSION = re.compile(r"%(?:%|[-#0 +]*\d*(?:\.\d+)?([a-zA-Z]))")
# Types of one value: a tuple, or what derives from it, gives one to each conversion.
SINGLE = ("None", "bool", "int", "size", "float", "str", "bytes", "list", "set",
          "pathlib.Path", "pathlib.PurePath")  # fmt: skip
OVERFLOW = frozenset({"OverflowError"})


def percent(scene: Scene, node: ast.BinOp) -> Seen | None:
    """A format and values that fit it; None where that is not plain to see."""
    match node:
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod()):
            pass
        case _:
            return None
    conversions = [one[1] for one in CONVERSION.finditer(text) if one[1]]
    if CONVERSION.sub("", text).count("%"):
        return None
    given = _given(scene, node.right, len(conversions))
    if given is None or len(given) != len(conversions):
        return None
    raised: frozenset[str] = frozenset()
    for letter, kinds in zip(conversions, given, strict=True):
        one = _raised(scene, letter, kinds)
        if one is None:
            return None
        raised |= one
    return Seen(kind("str"), raised)


def _given(scene: Scene, node: ast.expr, count: int) -> list[Kinds] | None:
    """The types of the values, one for each conversion."""
    kinds = scene.kinds(node)
    if isinstance(node, ast.Tuple):
        return [scene.kinds(one) for one in node.elts]
    single = all(
        is_plain(scene.known, one)
        and (one.name in SINGLE or one.name.startswith("datetime."))
        for one in kinds
    )
    return [kinds] if single and count == 1 else None


def _raised(scene: Scene, letter: str, kinds: Kinds) -> frozenset[str] | None:
    match letter:
        case "s" | "r" | "a":
            plain = all(is_plain(scene.known, one) for one in kinds)
            return frozenset() if plain else None
        case "d" | "i" | "u":
            if accepts(scene.known, kind("int"), kinds):
                return frozenset()
            if accepts(scene.known, kind("int") | kind("float"), kinds):
                return OVERFLOW | {"ValueError"}
        case "x" | "X" | "o":
            if accepts(scene.known, kind("int"), kinds):
                return frozenset()
        case "f" | "F" | "g" | "G" | "e" | "E":
            if accepts(scene.known, kind("size") | kind("float"), kinds):
                return frozenset()
            if accepts(scene.known, kind("int") | kind("float"), kinds):
                return OVERFLOW
    return None
