"""Which of the findings go on a branch: limits, ticks and what was turned down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.model import Change, Pull, Settings, place_of
from bot.state import parsed, ticks, turned_off


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people said of single changes, by key: never these, these too.

    `first` were on the open pull request before and stay on it. `blamed` are those that
    checks failed with, and these checks. `off`: the codemod is not to be proposed.
    """

    vetoes: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    blamed: Mapping[str, str] = field(default_factory=dict)
    off: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The findings of a category, told apart; each part by path and line."""

    made: tuple[Change, ...] = ()
    offered: tuple[Change, ...] = ()
    vetoed: tuple[Change, ...] = ()
    later: tuple[Change, ...] = ()
    declined: tuple[Change, ...] = ()


def wishes(pulls: Sequence[Pull]) -> Wishes:
    """What the bodies of a category's pull requests remember.

    One that a person closed turns down all it proposed; one that the bot closed, or
    that was merged, only what was turned down in it. A box ticked in the open one
    takes back whatever was said before.
    """
    vetoes: set[str] = set()
    added: set[str] = set()
    first: set[str] = set()
    blamed: dict[str, str] = {}
    for pull in pulls:
        state = parsed(pull.body)
        if state is None:
            continue
        blamed |= dict.fromkeys(state.blamed, state.because)
        boxes = ticks(pull.body)
        no = {key for key in state.proposed if boxes.get(key) is False}
        yes = {key for key, ticked in boxes.items() if ticked}
        vetoes |= no | (set(state.vetoed) - yes)
        if pull.open:
            added |= yes & {*state.offered, *state.proposed, *state.vetoed}
            first |= {*state.proposed, *state.suspects} - no
        elif not pull.merged and not state.ended:
            vetoes |= set(state.proposed)
    left = frozenset(vetoes - added)
    off = any(turned_off(pull.body) for pull in pulls)
    return Wishes(left, frozenset(added), frozenset(first), blamed, off)


def choose(
    codemod: str,
    changes: Iterable[Change],
    said: Wishes,
    settings: Settings,
    paths: Iterable[str],
) -> Choice:
    """Tell the findings apart. `paths` are all files of the tree.

    A veto follows a file that was renamed: it counts for equal code anywhere once the
    path it was given for is gone.
    """
    here = {place_of(path) for path in paths}
    keys = [key.split(".") for key in sorted(said.vetoes)]
    anywhere = {fingerprint for fingerprint, place in keys if place not in here}
    told = (judged(change, said.blamed) for change in changes)
    ordered = sorted(told, key=lambda c: (c.path, c.line, c.fingerprint))
    fixes = [change for change in ordered if change.tier != "declined"]
    vetoed = [c for c in fixes if c.key in said.vetoes or c.fingerprint in anywhere]
    left = [change for change in fixes if change not in vetoed]
    unsafe = settings.takes_unsafe(codemod)
    wanted = [c for c in left if c.tier == "safe" or unsafe or c.key in said.added]
    made = limited(wanted, said.first, settings)
    offered = [change for change in left if change not in wanted]
    most = settings.max_changes
    waiting = [change for change in wanted if change not in made]
    return Choice(
        made=tuple(change for change in wanted if change in made),
        offered=tuple(offered[:most]),
        vetoed=tuple(vetoed),
        later=(*waiting, *offered[most:]),
        declined=tuple(change for change in ordered if change.tier == "declined"),
    )


def judged(change: Change, blamed: Mapping[str, str]) -> Change:
    if change.tier == "declined" or change.key not in blamed:
        return change
    return blameworthy(change, blamed[change.key])


def blameworthy(change: Change, because: str, number: int = 1) -> Change:
    """A change that checks fail with, or with one of so many: it is left alone."""
    among = "" if number == 1 else f", or with one of the {number - 1} beside it"
    reason = f"checks fail with it{among}: {because}"
    return replace(change, tier="declined", after=None, caveat=None, reason=reason)


def limited(
    wanted: Sequence[Change], first: frozenset[str], settings: Settings
) -> set[Change]:
    """As many as one pull request may have, those it has already before others."""
    made: set[Change] = set()
    files: set[str] = set()
    for change in sorted(wanted, key=lambda change: change.key not in first):
        fits = change.path in files or len(files) < settings.max_files
        if fits and len(made) < settings.max_changes:
            made.add(change)
            files.add(change.path)
    return made
