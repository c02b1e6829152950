"""Whether an argument's type fits a parameter's."""

from __future__ import annotations

from codemods.catalog.bare_except.ancestry import ancestors, elements, expand
from codemods.catalog.bare_except.kinds import UNKNOWN, VARIABLES, Kind, Kinds, kind
from codemods.catalog.bare_except.table import Knowledge

ANY = kind("Any")
# Integers below it convert to a float without loss.
EXACT = 2**53


def accepts(known: Knowledge, wanted: Kinds, given: Kinds) -> bool:
    """Whether every type the argument may have is one the parameter takes."""
    return all(any(_fits(known, want, one) for want in wanted) for one in given)


def _fits(known: Knowledge, want: Kind, one: Kind) -> bool:
    match want.name:
        case "Any" | "T" | "K" | "V":
            return True
        case "Plain":
            return is_plain(known, one)
        case "Truthy":
            return _truthy(one) and accepts(known, want.of[0], frozenset({one}))
        case "Iterable":
            inside = elements(known, one)
            wanted = want.of[0] if want.of else ANY
            return inside is not None and accepts(known, wanted, inside)
    if one.name == "Unknown" or (want.literal and want.literal != one.literal):
        return False
    if known.synonym(one.name):
        if want.name == one.name:
            return True
        return accepts(known, frozenset({want}), expand(known, frozenset({one})))
    if known.synonym(want.name):
        return accepts(known, expand(known, frozenset({want})), frozenset({one}))
    return any(_same(known, want, base) for base in ancestors(known, one))


def is_plain(known: Knowledge, one: Kind) -> bool:
    """Whether a kind, to the bottom, is one whose special methods are known.

    Not so for what was only read about (a Series has no truth value), nor for
    Decimal, whose signalling NaN makes even `==` raise.
    """
    if one.name in ("Unknown", "decimal.Decimal"):
        return False
    library = known.library(one.name)
    if library is not None and library.documented:
        return False
    return _is_told(known, one) and all(
        is_plain(known, inner) for of in one.of for inner in of
    )


def is_known(known: Knowledge, kinds: Kinds) -> bool:
    """Whether the types are known to the bottom: no unknown element in a list."""
    return all(
        one.name != "Unknown"
        and _is_told(known, one)
        and all(is_known(known, of) for of in one.of)
        for one in kinds
    )


def _is_told(known: Knowledge, one: Kind) -> bool:
    """Whether a container says what it holds: a bare `list` does not."""
    return bool(one.of) or not known.generic(one.name)


def _truthy(one: Kind) -> bool:
    """Whether a kind is a constant, not empty, not zero, and no huge number."""
    if not one.literal:
        return False
    value = one.literal[0]
    return bool(value) and (not isinstance(value, int) or abs(value) < EXACT)


def _same(known: Knowledge, want: Kind, one: Kind) -> bool:
    if want.name != one.name:
        return False
    if not want.of:
        return True
    of = one.of or (UNKNOWN,) * len(want.of)
    return len(of) == len(want.of) and all(
        accepts(known, wanted, given) for wanted, given in zip(want.of, of, strict=True)
    )


def bound(known: Knowledge, wanted: Kinds, given: Kinds) -> dict[str, Kinds]:
    """What the type variables of a parameter become for this argument."""
    found: dict[str, Kinds] = {}
    for want in wanted:
        for one in given:
            for name, kinds in _bound(known, want, one).items():
                found[name] = found.get(name, frozenset()) | kinds
    return found


def _bound(known: Knowledge, want: Kind, one: Kind) -> dict[str, Kinds]:
    if want.name in VARIABLES:
        return {want.name: frozenset({one})}
    if want.name == "Iterable" and want.of:
        return bound(known, want.of[0], elements(known, one) or UNKNOWN)
    for base in ancestors(known, one):
        if base.name == want.name and len(base.of) == len(want.of):
            several = map(bound, (known,) * len(base.of), want.of, base.of)
            return {name: kinds for each in several for name, kinds in each.items()}
    return {}
