"""Lists, dicts, comprehensions and f-strings."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.access import truth
from codemods.catalog.bare_except.iteration import changing, iteration, mutates
from codemods.catalog.bare_except.kinds import Kinds, kind, union
from codemods.catalog.bare_except.matching import accepts, is_plain
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined
from codemods.catalog.bare_except.targets import bound_to

HASHABLE = kind("Hashable")


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
    seen = Seen(kind(outer, element.kinds)).after(element, *done)
    if isinstance(node, ast.GeneratorExp) and "StopIteration" in seen.raises:
        # Out of a generator it comes as another (PEP 479).
        return seen.raising("RuntimeError")
    return seen
