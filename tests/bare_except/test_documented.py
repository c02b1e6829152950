"""What was read about pandas, numpy and requests, held against what they do.

Only values of the types that a line names are given: what any other does is not said.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from codemods.catalog.bare_except.ancestry import expand
from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import Kinds, kind
from codemods.catalog.bare_except.library import FOLDER, read_library
from codemods.catalog.bare_except.matching import accepts
from codemods.catalog.bare_except.outcomes import method_outcome, outcome
from codemods.catalog.bare_except.signatures import Signature
from codemods.catalog.bare_except.table import Knowledge
from tests.bare_except.hostile import VALUES, literal_kinds_of
from tests.bare_except.receivers import fresh
from tests.bare_except.tables import TABLES
from tests.bare_except.test_knowledge import NOT_COUNTED, _bound, _resolve

KNOWN = Knowledge()
ROUNDS = 40
MOST = 1000
PLAIN = [
    (value, literal_kinds_of(value))
    for value in VALUES
    if not isinstance(value, int | float) or abs(value) < MOST
]
NAMES = [
    name
    for library in ("numpy", "pandas", "requests")
    for read in [read_library(FOLDER / f"{library}.toml")]
    for name in read.lines
    if name not in read.effects
]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_read_is_so(name: str) -> None:
    chance = random.Random(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(ROUNDS):
            tried(name, chance.choice(KNOWN.entry(name)), chance)


def tried(name: str, line: Signature, chance: random.Random) -> None:
    given: list[Any] = []
    if line.parameters is not None:
        made = [chosen(one.kinds, chance) for one in wanted(line, chance)]
        given = [value for value, _ in made]
        declared, call = called(name, line, Arguments(tuple(k for _, k in made)))
    else:
        declared, call = line.raises, attribute
    shown = ", ".join(repr(one)[:80] for one in given)
    receiver = received(name, chance)
    error = raised(lambda: call(receiver, name.rpartition(".")[2], given))
    classes = (*NOT_COUNTED, *map(_resolve, declared))
    assert error is None or isinstance(error, classes), f"{name}({shown}): {error!r}"


def called(
    name: str, line: Signature, given: Arguments
) -> tuple[frozenset[str], Callable[[Any, str, list[Any]], Any]]:
    """What a call is said to raise, and how it is made."""
    if not line.is_method:
        found = outcome(KNOWN, KNOWN.entry(name), given)
        return found.raises, lambda _, __, values: _resolve(name)(*values)
    owner, _, own = name.rpartition(".")
    (itself,) = kind(owner)
    method = method_outcome(KNOWN, itself, own, given)
    assert method is not None
    return method.raises, lambda receiver, own, values: _bound(receiver, own)(*values)


def attribute(receiver: Any, own: str, _: list[Any]) -> Any:
    return getattr(receiver, own)


def received(name: str, chance: random.Random) -> Any:
    """Something whose method or attribute is tried."""
    owner = name.rpartition(".")[0]
    if owner in TABLES:
        return chance.choice(TABLES[owner])()
    return _resolve(owner)


def raised(call: Callable[[], Any]) -> Exception | None:
    try:
        call()
    except Exception as error:
        return error
    return None


def wanted(line: Signature, chance: random.Random) -> list[Any]:
    """The parameters to give something: those needed, perhaps the next by position."""
    own = list(line.parameters or ())[1 if line.is_method else 0 :]
    placed = [one for one in own if not one.by_name_only]
    needed = sum(not one.optional for one in placed)
    return placed[: chance.randint(needed, len(placed))]


def chosen(kinds: Kinds, chance: random.Random) -> tuple[Any, Kinds]:
    """A value of one of these types, and the type."""
    one = chance.choice(sorted(expand(KNOWN, kinds), key=str))
    if one.name in TABLES and (one.name not in ("object",)):
        return chance.choice(TABLES[one.name])(), frozenset({one})
    single = frozenset({one})
    if one.name in ("list", "tuple", "record") and one.of:
        count = len(one.of) if one.name == "record" else chance.randrange(4)
        parts = [
            chosen(one.of[at if one.name == "record" else 0], chance)[0]
            for at in range(count)
        ]
        return (parts if one.name == "list" else tuple(parts)), single
    fitting = [pair for pair in PLAIN if accepts(KNOWN, single, pair[1])]
    value, exact = chance.choice(fitting)
    return fresh(value), exact
