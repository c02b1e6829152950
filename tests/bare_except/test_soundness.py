"""What the bare handler caught, the named one of a safe fix catches too."""

from __future__ import annotations

import ast
import random
import warnings
from typing import Any

import pytest

from codemods.catalog.bare_except import CODEMOD
from codemods.catalog.bare_except.kinds import parse_kinds
from codemods.engine import Settings, run
from codemods.model import Source
from tests.bare_except.hostile import VALUES, Stranger
from tests.bare_except.programs import Program, program
from tests.bare_except.receivers import fresh, values_for

PROGRAMS = 60
CALLS = 25
NOT_COUNTED = (MemoryError, RecursionError)


def narrowed(made: Program) -> str | None:
    """The program with its handler narrowed, where that is safe."""
    result = run(Source("made.py", made.code.encode()), [CODEMOD], Settings())
    assert result.failures == ()
    assert len(result.findings) == 1
    if result.findings[0].verdict != "safe":
        return None
    ast.parse(result.after.data)
    return result.after.data.decode()


def function(code: str) -> tuple[Any, object]:
    space: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "made.py", "exec"), space)
    return space["tried"], space["CAUGHT"]


def arguments(made: Program, chance: random.Random) -> list[Any]:
    return [
        chance.choice(values_for(parse_kinds(one)))
        if one
        else chance.choice((*VALUES[:40], Stranger()))
        for one in made.annotations
    ]


@pytest.mark.parametrize("seed", range(10))
def test_nothing_gets_past_a_safe_handler(seed: int) -> None:
    chance = random.Random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(PROGRAMS):
            made = program(chance)
            after = narrowed(made)
            if after is not None:
                compare(made, after, chance)


def compare(made: Program, after: str, chance: random.Random) -> None:
    bare, caught = function(made.code)
    named, caught_by_name = function(after)
    for _ in range(CALLS):
        given = arguments(made, chance)
        try:
            first = bare(*map(fresh, given))
        except NOT_COUNTED:
            continue
        try:
            second = named(*map(fresh, given))
        except NOT_COUNTED:
            continue
        except Exception as error:
            pytest.fail(f"{error!r} gets past\n{after}\nwith {given!r}")
        assert (first is caught) == (second is caught_by_name)
