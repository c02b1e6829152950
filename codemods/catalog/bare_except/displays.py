"""Lists, dicts, comprehensions and f-strings."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.access import truth
from codemods.catalog.bare_except.iteration import changing, iteration, mutates
from codemods.catalog.bare_except.kinds import Kind, Kinds, kind, union
from codemods.catalog.bare_except.matching import accepts, is_plain
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined
from codemods.catalog.bare_except.targets import bound_to

HASHABLE = kind("Hashable")
# One value of each type that a format specification can be tried on.
SAMPLES: dict[str, object] = {
    "int": 1,
    "size": 1,
    "float": 1.5,
    "str": "a",
    "bool": True,
}
AS_FLOAT = "eEfFgG%"


def display(scene: Scene, node: ast.List | ast.Tuple | ast.Set | ast.Dict) -> Seen:
    match node:
        case ast.Dict(keys=keys, values=values):
            return _dict(scene, keys, values)
        case ast.Tuple(elts=elts) if not any(isinstance(e, ast.Starred) for e in elts):
            parts = [scene.see(one) for one in elts]
            return joined((NOTHING, *parts)).giving(
                kind("record", *(part.kinds for part in parts))
            )
    parts = [_element(scene, one) for one in node.elts]
    seen = joined((NOTHING, *parts))
    outer = type(node).__name__.lower()
    if isinstance(node, ast.Set):
        seen = seen.after(*(hashed(scene, part.kinds, node) for part in parts))
    return seen.giving(kind(outer, seen.kinds))


def _element(scene: Scene, node: ast.expr) -> Seen:
    if isinstance(node, ast.Starred):
        return iteration(scene, node.value)
    return scene.see(node)


def _dict(scene: Scene, keys: list[ast.expr | None], values: list[ast.expr]) -> Seen:
    parts = [scene.see(key) for key in keys if key is not None]
    hashes = [hashed(scene, part.kinds, values[0]) for part in parts]
    held = [scene.see(value) for value in values]
    seen = joined((NOTHING, *parts, *held, *hashes))
    if None not in keys:
        inside = union(part.kinds for part in parts), union(one.kinds for one in held)
        return seen.giving(kind("dict", *inside))
    merged = [v for k, v in zip(keys, values, strict=True) if k is None]
    if all(one.name == "dict" for value in merged for one in scene.kinds(value)):
        return seen.giving(kind("dict"))
    doubt = scene.doubt(
        "assumed", f"`{scene.named(merged[0])}` is a plain dict", merged[0]
    )
    return seen.giving(kind("dict")).raising("TypeError").doubting(doubt)


def hashed(scene: Scene, kinds: Kinds, node: ast.expr) -> Seen:
    """What hashing values of these types comes to."""
    if accepts(scene.known, HASHABLE, kinds):
        return NOTHING
    seen = NOTHING.raising("TypeError")
    if all(is_plain(scene.known, one) for one in kinds):
        return seen
    return seen.doubting(
        scene.doubt("assumed", f"what `{scene.named(node)}` hashes is plain", node)
    )


def comprehension(
    scene: Scene, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
) -> Seen:
    loops = [iteration(scene, one.iter) for one in node.generators]
    tests = [truth(scene, test) for one in node.generators for test in one.ifs]
    targets = [
        bound_to(scene, one.target, loop, one.iter)
        for one, loop in zip(node.generators, loops, strict=True)
    ]
    done = [*loops, *tests, *targets]
    if any(changing(scene, one.iter) for one in node.generators) and mutates(
        scene, ast.iter_child_nodes(node)
    ):
        done.append(NOTHING.raising("RuntimeError"))
    if isinstance(node, ast.DictComp):
        key, value = scene.see(node.key), scene.see(node.value)
        seen = Seen(kind("dict", key.kinds, value.kinds))
        return seen.after(key, value, hashed(scene, key.kinds, node.key), *done)
    element = scene.see(node.elt)
    match node:
        case ast.ListComp():
            outer = "list"
        case ast.SetComp():
            outer = "set"
            done.append(hashed(scene, element.kinds, node.elt))
        case _:
            outer = "Iterator"
    return Seen(kind(outer, element.kinds)).after(element, *done)


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
