"""Which changes make checks fail: pure, one step a run, told from what was seen so far.

By halves, over files and then over the changes of one, on the supposition that one of
them is guilty. Where several are, what passed is kept, or all stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

PUSHES = 5  # at most, after the one with all changes
TESTS = PUSHES - 1  # the last one may have to bring back what passed
PASSED, FAILED = "P", "F"
Unit = tuple[str, ...]  # changes that go together, by key


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be on the branch now, by key. `blamed` is empty until it is `done`.

    Where all is on the branch again, nothing is blamed: it was not found out.
    """

    keys: frozenset[str]
    done: bool = False
    blamed: frozenset[str] = frozenset()


def step(keys: Sequence[str], outcomes: str) -> Step:
    """What comes after `outcomes`: of all `keys` first, then of each step in turn."""
    everything = frozenset(keys)
    suspects, passed = by_file(keys), [frozenset[str]()]
    for used in range(TESTS + 1):
        suspects = narrowed(suspects)
        half = suspects[: (len(suspects) + 1) // 2] if len(suspects) > 1 else ()
        trial = everything - flat(suspects[len(half) :])
        if (not half and trial in passed) or used == TESTS:
            return ended(everything, trial if not half else everything - flat(suspects))
        if used + 1 >= len(outcomes):
            return Step(trial)
        if outcomes[used + 1] == PASSED:
            passed.append(trial)
            suspects = suspects[len(half) :]
        elif half:
            suspects = half
        else:  # the only suspect was not the only one
            return ended(everything, max(passed, key=len))
    raise AssertionError(outcomes)


def ended(everything: frozenset[str], kept: frozenset[str]) -> Step:
    if not kept:
        return Step(everything, done=True)
    return Step(kept, done=True, blamed=everything - kept)


def narrowed(suspects: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """The changes of a file where that is the only suspect."""
    if len(suspects) == 1:
        return tuple((key,) for key in suspects[0])
    return suspects


def by_file(keys: Sequence[str]) -> tuple[Unit, ...]:
    """Keys of one file together: their ends are the same."""
    ordered = sorted(keys, key=lambda key: key.split(".")[::-1])
    groups = groupby(ordered, key=lambda key: key.partition(".")[2])
    return tuple(tuple(group) for _, group in groups)


def flat(units: Sequence[Unit]) -> frozenset[str]:
    return frozenset(key for unit in units for key in unit)
