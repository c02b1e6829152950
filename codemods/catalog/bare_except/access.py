"""Attributes, subscripts and truth values."""

from __future__ import annotations

import ast
import sys

from codemods.catalog.bare_except.ancestry import expand, methods, variables
from codemods.catalog.bare_except.items import subscript
from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, Kind, fill, kind, union
from codemods.catalog.bare_except.matching import is_plain
from codemods.catalog.bare_except.members import member
from codemods.catalog.bare_except.names import has, root
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

TRUTHY = ("Function", "Class", "Method", "re.Match", "re.Pattern", "logging.Logger")


def attribute(scene: Scene, node: ast.Attribute) -> Seen:
    """An attribute that is read, of a module or of a value."""
    qualified = scene.context.qualified_name(node)
    if qualified is not None and is_module_name(scene, qualified):
        return _of_module(scene, node, qualified).after(root(scene, node))
    own = member(scene, node)
    if own is not None:
        return own
    value = scene.see(node.value)
    return joined(
        [
            NOTHING,
            *(_of_kind(scene, node, one) for one in expand(scene.known, value.kinds)),
        ]
    ).after(value)


def is_module_name(scene: Scene, qualified: str) -> bool:
    """Whether a name is of something imported, rather than of a builtin or a class."""
    head = qualified.partition(".")[0]
    return bool(head) and head in _imported_heads(scene)


def _imported_heads(scene: Scene) -> frozenset[str]:
    facts = scene.context.facts
    return frozenset(
        facts.imported(node).partition(".")[0]
        for node in facts.scopes.bound_by
        if isinstance(node, ast.alias)
    )


def _of_module(scene: Scene, node: ast.Attribute, qualified: str) -> Seen:
    found = scene.known.entry(qualified)
    if found:
        if found[0].parameters is not None:
            return Seen(kind("Function"))
        return Seen(found[0].gives, found[0].raises)
    if _is_package(scene, qualified):
        return Seen(kind("Module"))
    seen = Seen(UNKNOWN, frozenset({"AttributeError"}))
    if qualified.partition(".")[0] in sys.stdlib_module_names:
        return seen
    text = f"`{scene.named(node)}` is a plain attribute"
    return seen.doubting(scene.doubt("assumed", text, node))


def _is_package(scene: Scene, qualified: str) -> bool:
    """Whether the table knows names below this one: `os.path`."""
    library = scene.known.library(qualified)
    dotted = f"{qualified}."
    return library is not None and any(
        name.startswith(dotted) for name in library.lines
    )


def _of_kind(scene: Scene, node: ast.Attribute, one: Kind) -> Seen:
    if one.name == "Unknown":
        text = f"`{scene.named(node)}` is a plain attribute"
        return Seen(UNKNOWN, frozenset({"AttributeError"})).doubting(
            scene.doubt("assumed", text, node)
        )
    found = methods(scene.known, one, node.attr)
    if found is not None:
        _, lines, owner = found
        if lines[0].parameters is not None:
            return Seen(kind("Method"))
        seen = Seen(
            fill(lines[0].gives, variables(scene.known, owner)), lines[0].raises
        )
        return _read(scene, node, one, seen)
    if has(scene, one, node.attr) is False:
        return Seen(NEVER, frozenset({"AttributeError"}))
    text = f"`{scene.named(node)}` is not in the table for a {one.name}"
    return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))


def _read(scene: Scene, node: ast.AST, one: Kind, seen: Seen) -> Seen:
    """A fact that was only read in a documentation is a doubt."""
    library = scene.known.library(one.name)
    if library is None or not library.documented:
        return seen
    text = f"what `{one.name}` raises"
    return seen.doubting(scene.doubt("read", text, node))


def truth(scene: Scene, node: ast.expr) -> Seen:
    """An expression whose truth is asked."""
    value = scene.see(node)
    strange = [
        one
        for one in value.kinds
        if one.name not in TRUTHY
        and not is_plain(scene.known, Kind(one.name))
        and one.name != "decimal.Decimal"
        and not _is_container(one)
    ]
    if not strange:
        return value
    text = f"`{scene.named(node)}` has a plain truth value"
    return value.doubting(scene.doubt("assumed", text, node))


def _is_container(one: Kind) -> bool:
    return one.name in (
        "list",
        "tuple",
        "record",
        "dict",
        "set",
        "frozenset",
        "dict_view",
    )


__all__ = ["attribute", "is_module_name", "subscript", "truth", "union"]
