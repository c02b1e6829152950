"""f-strings: what formatting their fields comes to."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.kinds import Kind, kind
from codemods.catalog.bare_except.matching import is_plain
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

# One value of each type that a format specification can be tried on.
SAMPLES: dict[str, object] = {
    "int": 1,
    "size": 1,
    "float": 1.5,
    "str": "a",
    "bool": True,
}
AS_FLOAT = "eEfFgG%"


def formatted(scene: Scene, node: ast.JoinedStr) -> Seen:
    parts = [
        _field(scene, one) for one in node.values if isinstance(one, ast.FormattedValue)
    ]
    return joined((NOTHING, *parts)).giving(kind("str"))


def _field(scene: Scene, node: ast.FormattedValue) -> Seen:
    value = scene.see(node.value)
    spec = _literal_spec(node.format_spec)
    kinds = kind("str") if node.conversion != -1 else value.kinds
    raised = frozenset().union(*(_formats(scene, one, spec) for one in kinds))
    seen = value.raising(*raised)
    if node.format_spec is not None and spec is None:
        seen = seen.after(scene.see(node.format_spec))
    if all(
        is_plain(scene.known, one) or one.name == "decimal.Decimal"
        for one in value.kinds
    ):
        return seen
    text = f"`{scene.named(node.value)}` formats as plain values do"
    return seen.doubting(scene.doubt("assumed", text, node.value))


def _literal_spec(spec: ast.expr | None) -> str | None:
    match spec:
        case None:
            return ""
        case ast.JoinedStr(values=[ast.Constant(value=str() as text)]):
            return text
        case ast.JoinedStr(values=[]):
            return ""
    return None


def _formats(scene: Scene, one: Kind, spec: str | None) -> frozenset[str]:
    """What formatting one kind raises; a constant specification is tried out."""
    if spec == "":
        return frozenset()
    sample = SAMPLES.get(one.name)
    if spec is None or sample is None:
        return frozenset({"ValueError", "TypeError", "OverflowError"})
    try:
        format(sample, spec)
    except (ValueError, TypeError, OverflowError):
        return frozenset({"ValueError", "OverflowError"})
    whole = one.name in ("int", "bool") and spec[-1] in AS_FLOAT
    return frozenset({"OverflowError"}) if whole or spec[-1] == "c" else frozenset()
