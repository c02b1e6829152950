"""What a call of something in the table comes to, for the types it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from codemods.catalog.bare_except.kinds import (
    CALLABLES,
    NEVER,
    UNKNOWN,
    Kind,
    Kinds,
    fill,
    kind,
    union,
)
from codemods.catalog.bare_except.library import Knowledge
from codemods.catalog.bare_except.matching import (
    accepts,
    bound,
    expand,
    is_known,
    methods,
    variables,
)
from codemods.catalog.bare_except.signatures import Parameter, Signature

COMBINATIONS = 48
TYPE_ERROR = frozenset({"TypeError"})
ANY = kind("Any")
NONE = kind("None")
KEYWORD = Parameter("", ANY, True, False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call gives and raises.

    `open` says that an argument's own code may run, `unlisted` that the table does not
    know this way of calling it, or that it calls back.
    """

    gives: Kinds
    raises: frozenset[str] = frozenset()
    open: bool = False
    unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Arguments:
    """The types given, by position and by keyword; `complete` unless `*` or `**`."""

    places: tuple[Kinds, ...] = ()
    names: Mapping[str, Kinds] | None = None
    complete: bool = True

    @property
    def keywords(self) -> Mapping[str, Kinds]:
        return self.names or {}


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        union(one.gives for one in outcomes),
        frozenset().union(*(one.raises for one in outcomes)),
        any(one.open for one in outcomes),
        any(one.unlisted for one in outcomes),
    )


def outcome(
    known: Knowledge,
    lines: Sequence[Signature],
    given: Arguments,
    fixed: Mapping[str, Kinds] | None = None,
) -> Outcome:
    """The outcome of a call; `fixed` are the receiver's type variables."""
    exact = _exact(known, lines, given, fixed or {})
    if exact is not None:
        return exact
    apart = tuple(_apart(known, given)) if given.complete else ()
    if len(apart) > 1:
        return joined([outcome(known, lines, one, fixed) for one in apart])
    return _inexact(known, lines, apart[0] if apart else given, fixed or {})


def method_outcome(
    known: Knowledge, receiver: Kind, name: str, given: Arguments
) -> Outcome | None:
    """The outcome of calling a method of a kind; None where it is not in the table."""
    found = methods(known, receiver, name)
    if found is None:
        return None
    _, lines, owner = found
    if lines[0].parameters is None:
        return None
    if lines[0].is_method:
        itself = frozenset({receiver})
        given = Arguments((itself, *given.places), given.names, given.complete)
    return outcome(known, lines, given, variables(known, owner))


def _exact(
    known: Knowledge,
    lines: Sequence[Signature],
    given: Arguments,
    fixed: Mapping[str, Kinds],
) -> Outcome | None:
    if not given.complete:
        return None
    for line in lines:
        pairs = _paired(line, given)
        if pairs is not None and all(
            accepts(known, fill_given(one.kinds, fixed), kinds) for one, kinds in pairs
        ):
            values = dict(fixed)
            for one, kinds in pairs:
                values |= bound(known, fill_given(one.kinds, fixed), kinds)
            return Outcome(fill(line.gives, values), line.raises)
    return None


def fill_given(wanted: Kinds, fixed: Mapping[str, Kinds]) -> Kinds:
    """A parameter's type with the receiver's variables put in, where it has them."""
    return fill(wanted, fixed, free=True) if fixed else wanted


def _apart(known: Knowledge, given: Arguments) -> Iterator[Arguments]:
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


def _paired(line: Signature, given: Arguments) -> list[tuple[Parameter, Kinds]] | None:
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


def _inexact(
    known: Knowledge,
    lines: Sequence[Signature],
    given: Arguments,
    fixed: Mapping[str, Kinds],
) -> Outcome:
    """The outcome where some type is not known, or is none of those listed."""
    paired = [
        (line, pairs)
        for line in lines
        if given.complete and (pairs := _paired(line, given)) is not None
    ]
    refused = frozenset().union(*(line.otherwise for line in lines)) or TYPE_ERROR
    if not paired:
        every = refused.union(*(line.raises for line in lines))
        return Outcome(UNKNOWN, every | TYPE_ERROR, True, given.complete)
    back = any(
        _calls_back(known, one, kinds) for _, pairs in paired for one, kinds in pairs
    )
    possible = [
        line
        for line, pairs in paired
        if all(
            _possible(known, fill_given(one.kinds, fixed), kinds)
            for one, kinds in pairs
        )
    ]
    runs = any(
        _runs(known, one, fill_given(one.kinds, fixed), kinds)
        for _, pairs in paired
        for one, kinds in pairs
    )
    if possible:
        gives = union(fill(line.gives, fixed) for line in possible)
        raises = refused.union(*(line.raises for line in possible))
        return Outcome(gives, raises, runs, back)
    # A type that no line lists may be taken all the same; None is never overlooked.
    raises = refused.union(*(line.raises for line, _ in paired))
    none = all(_refuses_none(known, pairs, fixed) for _, pairs in paired)
    return Outcome(NEVER if none else UNKNOWN, raises, runs, back)


def _calls_back(known: Knowledge, one: Parameter, kinds: Kinds) -> bool:
    """Whether something that runs code is given where no line speaks of it."""
    runs = any(each.name in CALLABLES for each in kinds)
    return runs and not one.strict and not accepts(known, one.kinds, kinds)


def _refuses_none(
    known: Knowledge,
    pairs: list[tuple[Parameter, Kinds]],
    fixed: Mapping[str, Kinds],
) -> bool:
    return any(
        kinds == NONE and not accepts(known, fill_given(one.kinds, fixed), kinds)
        for one, kinds in pairs
    )


def _possible(known: Knowledge, wanted: Kinds, kinds: Kinds) -> bool:
    return not is_known(known, kinds) or accepts(known, wanted, kinds)


def _runs(known: Knowledge, one: Parameter, wanted: Kinds, kinds: Kinds) -> bool:
    """Whether an argument that may be of another type has a say in what happens."""
    if one.strict or accepts(known, wanted, kinds):
        return False
    return not (is_known(known, kinds) and accepts(known, kind("Core"), kinds))
