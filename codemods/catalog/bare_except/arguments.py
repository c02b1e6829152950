"""Arguments: the types a call gives, and the parameters they go to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.kinds import Kind, Kinds, kind
from codemods.catalog.bare_except.signatures import Parameter, Signature
from codemods.catalog.bare_except.table import Knowledge

COMBINATIONS = 48
KEYWORD = Parameter("", kind("Any"), True, False)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The types given, by position and by keyword; `complete` unless `*` or `**`."""

    places: tuple[Kinds, ...] = ()
    names: Mapping[str, Kinds] | None = None
    complete: bool = True

    @property
    def keywords(self) -> Mapping[str, Kinds]:
        return self.names or {}


def apart(known: Knowledge, given: Arguments) -> Iterator[Arguments]:
    """The same call for each combination of single types."""
    names = tuple(given.keywords)
    unions = [*given.places, *given.keywords.values()]
    members = [sorted(expand(known, one), key=str) for one in unions]
    if prod(map(len, members)) > COMBINATIONS:
        members = [[Kind("Unknown")] if len(one) > 1 else one for one in members]
    for combination in product(*members):
        single = [frozenset({one}) for one in combination]
        places = tuple(single[: len(given.places)])
        yield Arguments(places, dict(zip(names, single[len(places) :], strict=True)))


def paired(line: Signature, given: Arguments) -> list[tuple[Parameter, Kinds]] | None:
    """Each argument with its parameter; None where the call does not bind."""
    parameters = line.parameters or ()
    placed = [one for one in parameters if not one.by_name_only]
    pairs = list(zip(placed, given.places, strict=False))
    left = parameters[len(pairs) :]
    surplus = given.places[len(pairs) :]
    if surplus and line.rest is None:
        return None
    if line.rest is not None:
        pairs += [(line.rest, kinds) for kinds in surplus]
    open_ = {one.name: one for one in left if one.name}
    for name, kinds in given.keywords.items():
        if name in open_:
            pairs.append((open_.pop(name), kinds))
        elif line.keywords:
            pairs.append((KEYWORD, kinds))
        else:
            return None
    missing = [
        one for one in left if not one.optional and one.name not in given.keywords
    ]
    return None if missing else pairs
