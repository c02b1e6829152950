"""What a made-up value may be: kinds, from types and from how a value is used.

The kinds: text, integer, number, flag, none, path, texts (a list of text), mapping (of
text to text), any (whatever formats), and the places of a keyword argument
("keyword cwd"), which the programs that make the values up know.
"""

from __future__ import annotations

from collections.abc import Iterable

from codemods.facts.types import Type

_OF_TYPE = {
    "str": "text",
    "int": "integer",
    "float": "number",
    "bool": "flag",
    "None": "none",
    "pathlib.Path": "path",
    "pathlib.PosixPath": "path",
    "pathlib.PurePath": "path",
    "list": "texts",
    "tuple": "texts",
    "set": "texts",
    "Iterator": "texts",
    "dict": "mapping",
    "bytes": "bytes",
}
_VAGUE = ("any", "flag")


def kinds_of_type(known: Type | None) -> tuple[str, ...]:
    """The kinds that a type allows; none where it is not known, or not made up here."""
    if known is None:
        return ()
    kinds = [_OF_TYPE.get(each.name) for each in known.members]
    if any(each is None for each in kinds):
        return ()
    return tuple(f"is {each}" for each in kinds)


def settled(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds to make values of: a type that is known goes before all uses."""
    found = set(kinds)
    typed = sorted(each[3:] for each in found if each.startswith("is "))
    if typed:
        return tuple(typed)
    telling = sorted(found - {*_VAGUE, "none"})
    chosen = telling or (["flag"] if found == {"flag"} else ["any"])
    return (*chosen, "none") if "none" in found else tuple(chosen)
