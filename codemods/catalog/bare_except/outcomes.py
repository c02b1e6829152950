"""What a call of something in the table comes to, for the types it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codemods.catalog.bare_except.ancestry import methods, variables, walked
from codemods.catalog.bare_except.arguments import Arguments, apart, paired
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
from codemods.catalog.bare_except.matching import accepts, bound, is_known
from codemods.catalog.bare_except.signatures import Parameter, Signature
from codemods.catalog.bare_except.table import Knowledge

TYPE_ERROR = frozenset({"TypeError"})
ANY = kind("Any")
NONE = kind("None")


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
    single = tuple(apart(known, given)) if given.complete else ()
    if len(single) > 1:
        return joined([outcome(known, lines, one, fixed) for one in single])
    return _inexact(known, lines, single[0] if single else given, fixed or {})


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
        pairs = paired(line, given)
        if pairs is not None and all(
            accepts(known, fill_given(one.kinds, fixed), kinds) for one, kinds in pairs
        ):
            values, raises = dict(fixed), line.raises
            for one, kinds in pairs:
                values |= bound(known, fill_given(one.kinds, fixed), kinds)
                if any(want.name == "Iterable" for want in one.kinds):
                    raises |= walked(known, kinds)
            return Outcome(fill(line.gives, values), raises)
    return None


def fill_given(wanted: Kinds, fixed: Mapping[str, Kinds]) -> Kinds:
    """A parameter's type with the receiver's variables put in, where it has them."""
    return fill(wanted, fixed, free=True) if fixed else wanted


def _inexact(
    known: Knowledge,
    lines: Sequence[Signature],
    given: Arguments,
    fixed: Mapping[str, Kinds],
) -> Outcome:
    """The outcome where some type is not known, or is none of those listed."""
    bindings = [
        (line, pairs)
        for line in lines
        if given.complete and (pairs := paired(line, given)) is not None
    ]
    refused = frozenset().union(*(line.otherwise for line in lines)) or TYPE_ERROR
    if not bindings:
        every = refused.union(*(line.raises for line in lines))
        return Outcome(UNKNOWN, every | TYPE_ERROR, True, given.complete)
    back = any(
        _calls_back(known, one, kinds) for _, pairs in bindings for one, kinds in pairs
    )
    possible = [
        line
        for line, pairs in bindings
        if all(
            _possible(known, fill_given(one.kinds, fixed), kinds)
            for one, kinds in pairs
        )
    ]
    runs = any(
        _runs(known, one, fill_given(one.kinds, fixed), kinds)
        for _, pairs in bindings
        for one, kinds in pairs
    )
    if possible:
        gives = union(fill(line.gives, fixed) for line in possible)
        raises = refused.union(*(line.raises for line in possible))
        return Outcome(gives, raises, runs, back)
    # A type that no line lists may be taken all the same; None is never overlooked.
    raises = refused.union(*(line.raises for line, _ in bindings))
    none = all(_refuses_none(known, pairs, fixed) for _, pairs in bindings)
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
