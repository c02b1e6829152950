"""The search for what makes checks fail, as a pull request remembers it: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.bisect import FAILED, PASSED, step
from bot.choice import Choice, blameworthy
from bot.model import Checks
from bot.state import State


@dataclass(frozen=True, slots=True)
class Progress:
    """What checks said of each step so far, of which changes; and what came of it.

    `because` names the checks that fail with what is `blamed`.
    """

    search: str = ""
    suspects: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    because: str = ""


def remembered(state: State | None) -> Progress:
    if state is None:
        return Progress()
    return Progress(state.search, state.suspects, state.blamed, state.because)


def searched(
    choice: Choice, known: Progress, checks: Checks
) -> tuple[Choice, Progress]:
    """The step that follows from what checks say of the branch now."""
    keys = tuple(sorted(change.key for change in choice.made))
    outcomes = known.search if set(known.suspects) == set(keys) else ""
    if checks.outcome == "failed":
        outcomes += FAILED
    elif checks.outcome == "passed" and outcomes:
        outcomes += PASSED
    kept = Progress(blamed=known.blamed, because=known.because)
    if not outcomes:
        return choice, kept
    because = known.because or ", ".join(checks.failing)[:200]
    now = step(keys, outcomes)
    here = tuple(change for change in choice.made if change.key in now.keys)
    others = tuple(change for change in choice.made if change.key not in now.keys)
    if not (now.done and now.blamed):
        return (
            replace(choice, made=here, later=(*others, *choice.later)),
            replace(kept, search=outcomes, suspects=keys, because=because),
        )
    declined = tuple(blameworthy(each, because, len(others)) for each in others)
    return (
        replace(choice, made=here, declined=(*choice.declined, *declined)),
        Progress(blamed=(*known.blamed, *sorted(now.blamed)), because=because),
    )
