"""Methods: of types that are known, and of values that only look like one."""

from __future__ import annotations

import ast
from dataclasses import replace

from codemods.catalog.bare_except.ancestry import expand, methods
from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, Kind, kind
from codemods.catalog.bare_except.names import has
from codemods.catalog.bare_except.outcomes import method_outcome
from codemods.catalog.bare_except.patterns import sound
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

# Methods that only one builtin type has, nor a library's type under another meaning:
# a value of unknown type is assumed to be of that type, and the fix says so.
LOOKS_LIKE: dict[str, str] = dict.fromkeys(
    """capitalize casefold endswith expandtabs isalnum isalpha isdecimal isdigit islower
    isnumeric isspace istitle isupper ljust lower lstrip partition removeprefix
    removesuffix rjust rpartition rsplit rstrip split splitlines startswith strip
    swapcase title upper zfill encode""".split(),
    "str",
) | {
    "append": "list",
    "extend": "list",
    "decode": "bytes",
    "items": "dict",
    "keys": "dict",
    "values": "dict",
    "isoformat": "datetime.datetime",
    "total_seconds": "datetime.timedelta",
}
ACCESSORS = ("str", "dt", "cat")


def method_call(scene: Scene, node: ast.Call, func: ast.Attribute, value: Seen) -> Seen:
    """A method called on a value."""
    given = _arguments(scene, node)
    kinds = expand(scene.known, value.kinds)
    return joined([NOTHING, *(_on(scene, node, func, one, given) for one in kinds)])


def _arguments(scene: Scene, node: ast.Call) -> Arguments:
    complete = not any(isinstance(one, ast.Starred) for one in node.args) and all(
        one.arg is not None for one in node.keywords
    )
    names = {one.arg: scene.kinds(one.value) for one in node.keywords if one.arg}
    return Arguments(tuple(map(scene.kinds, node.args)), names, complete)


def _on(
    scene: Scene, node: ast.Call, func: ast.Attribute, one: Kind, given: Arguments
) -> Seen:
    if one.name == "Unknown":
        return _unknown(scene, node, func, given)
    if one.name == "pandas.Strings":
        given = sound(node, given)
    found = method_outcome(scene.known, one, func.attr, given)
    entry = methods(scene.known, one, func.attr)
    if entry is not None and scene.context.facts.is_patched(entry[0]):
        found = replace(found, unlisted=True) if found is not None else None
    if found is None:
        if has(scene, one, func.attr) is False:
            return Seen(NEVER, frozenset({"AttributeError"}))
        text = f"`{scene.named(func)}()`"
        return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))
    seen = Seen(found.gives, found.raises)
    if found.unlisted:
        text = f"`{scene.named(func)}()`"
        return seen.doubting(scene.doubt("unknown", text, node))
    if found.open:
        text = f"`{scene.named(func)}()` is given plain values"
        seen = seen.doubting(scene.doubt("assumed", text, node))
    library = scene.known.home(entry[0]) if entry else None
    if library is not None and library.documented:
        text = f"what `{scene.named(func)}()` raises"
        seen = seen.doubting(scene.doubt("read", text, node))
    return seen


def _unknown(
    scene: Scene, node: ast.Call, func: ast.Attribute, given: Arguments
) -> Seen:
    plain = _looks_like(func, given)
    if plain is None:
        text = f"`{scene.named(func)}()`"
        return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))
    found = method_outcome(scene.known, Kind(plain), func.attr, given)
    gives = found.gives if found else UNKNOWN
    raises = found.raises if found else frozenset({"TypeError"})
    name = plain.rpartition(".")[2]
    text = f"`{scene.named(func.value)}` is a plain {name}"
    return Seen(gives, raises | {"AttributeError"}).doubting(
        scene.doubt("assumed", text, node)
    )


def _looks_like(func: ast.Attribute, given: Arguments) -> str | None:
    """The builtin type that the method's name and arguments speak for."""
    if isinstance(func.value, ast.Attribute) and func.value.attr in ACCESSORS:
        return None
    if func.attr == "get" and _is_key(given):
        return "dict"
    if given.names:
        return None
    return LOOKS_LIKE.get(func.attr)


def _is_key(given: Arguments) -> bool:
    """Whether `get` is given a constant that is a key rather than an address."""
    if given.names or not 1 <= len(given.places) <= 2:
        return False
    first = next(iter(given.places[0]), kind("None"))
    value = first.literal[0] if isinstance(first, Kind) and first.literal else None
    return isinstance(value, str) and ":" not in value and "/" not in value
