"""Kinds and their bases: unions, methods, elements."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.catalog.bare_except.kinds import (
    UNKNOWN,
    Kind,
    Kinds,
    fill,
    parse_kinds,
    union,
)
from codemods.catalog.bare_except.signatures import Signature
from codemods.catalog.bare_except.table import Knowledge

WALK = ("__iter__", "__next__")


def expand(known: Knowledge, kinds: Kinds) -> Kinds:
    """The kinds with names for unions replaced by the members, one level deep."""
    return union(_expanded(known, one) for one in kinds)


def _expanded(known: Knowledge, one: Kind) -> Kinds:
    named = known.synonym(one.name)
    return expand(known, parse_kinds(named)) if named else frozenset({one})


def ancestors(known: Knowledge, one: Kind) -> Iterator[Kind]:
    """A kind and its bases, nearest first, `object` last."""
    current: Kind | None = one
    while current is not None:
        yield current
        current = _base(known, current)
    yield Kind("object")


def _base(known: Knowledge, one: Kind) -> Kind | None:
    if one.name == "record":
        return Kind("tuple", (union(one.of),))
    base = known.base(one.name)
    if base is None:
        return None
    values = dict(zip(known.generic(one.name), one.of, strict=False))
    return next(iter(fill(parse_kinds(base), values)))


def methods(
    known: Knowledge, one: Kind, name: str
) -> tuple[str, tuple[Signature, ...], Kind] | None:
    """The entry for an attribute of a kind: its full name, its lines, whose it is."""
    for owner in ancestors(known, one):
        found = known.entry(f"{owner.name}.{name}")
        if found:
            return f"{owner.name}.{name}", found, owner
    return None


def variables(known: Knowledge, owner: Kind) -> dict[str, Kinds]:
    """What a receiver's type variables stand for: `T` of `list[str]` is str."""
    names = known.generic(owner.name)
    given = owner.of or (UNKNOWN,) * len(names)
    return dict(zip(names, given, strict=False))


def walked(known: Knowledge, kinds: Kinds) -> frozenset[str]:
    """What iterating over values of these kinds to their end raises."""
    found = [methods(known, one, name) for one in kinds for name in WALK]
    lines = [line for each in found if each is not None for line in each[1]]
    return frozenset().union(*(line.raises for line in lines)) - {"StopIteration"}


def elements(known: Knowledge, one: Kind) -> Kinds | None:
    """What iterating over a kind gives; None where it is not known to be iterable."""
    found = methods(known, one, "__iter__")
    if found is None:
        return None
    _, lines, owner = found
    iterator = next(iter(fill(lines[0].gives, variables(known, owner))))
    return iterator.of[0] if iterator.of else UNKNOWN
