"""Many repositories, one after another: one that fails does not stop the others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from hashlib import sha256

from bot.actions import Action, Close, Drop, Leave, Open, Update
from bot.ports import Checkout, Trouble
from bot.run import Repository, Step
from bot.snapshot import Snapshot
from bot.tree import base_asked
from codemods import __version__

# Reasons that stay as long as nothing that a snapshot holds changes.
SETTLED = frozenset(
    {
        "up to date",
        "nothing to propose",
        "nothing that was not turned down to propose",
        "not selected",
        "turned off in a pull request",
    }
)
UNCHANGED = "nothing happened since the last sweep"

Say = Callable[[str], object]
Steps = Callable[[Repository], Iterator[Step]]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a repository: numbers of pull requests, or what went wrong."""

    repository: str
    opened: int = 0
    updated: int = 0
    closed: int = 0
    left: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository of a sweep. `look` takes a snapshot, given the base's name."""

    name: str
    look: Callable[[str], Snapshot]
    open: Callable[[], AbstractContextManager[Repository]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the last sweep saw of a repository when it had nothing to do there."""

    base: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What sweeps remember, in a folder; where it is gone they look at everything.

    `asked` is what else decides: which codemods, whose answer.
    """

    folder: str
    asked: str

    def of(self, name: str) -> Known:
        try:
            with open(self.path(name), encoding="utf-8") as stream:
                given = json.load(stream)
            return Known(str(given["base"]), str(given["digest"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Known()

    def keep(self, name: str, known: Known) -> None:
        """Remember, or try to: without it the next sweep only does more."""
        part = f"{self.path(name)}.part"
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with open(part, "w", encoding="utf-8") as stream:
                json.dump({"base": known.base, "digest": known.digest}, stream)
            os.replace(part, self.path(name))
        except OSError:
            return

    def digest(self, seen: Snapshot) -> str:
        return seen.digest(__version__, self.asked)

    def path(self, name: str) -> str:
        key = sha256(f"{self.asked}\0{name.lower()}".encode()).hexdigest()[:24]
        return os.path.join(self.folder, f"{key}.sweep.json")


def sweep(
    places: Iterable[Place], memory: Memory, say: Say, steps: Steps
) -> Iterator[Row]:
    """Take the steps at each place; a row for each, and a line said for each step."""
    for place in places:
        try:
            yield swept(place, memory, say, steps)
        except Trouble as error:
            say(f"{place.name}: {error}")
            yield Row(place.name, error=str(error))


def swept(place: Place, memory: Memory, say: Say, steps: Steps) -> Row:
    known = memory.of(place.name)
    seen = place.look(known.base)
    if seen.archived:
        say(f"{place.name}: archived")
        return Row(place.name, left=1)
    if known.digest == memory.digest(seen):
        say(f"{place.name}: {UNCHANGED}")
        return Row(place.name, left=1)
    actions: list[Action] = []
    with place.open() as here:
        for step in steps(here):
            actions.append(step.action)
            say(f"{place.name}: {step.told}")
        if all(map(settled, actions)) and seen.default:
            learn(place, memory, here.checkout, seen)
    return row(place.name, actions)


def learn(place: Place, memory: Memory, checkout: Checkout, seen: Snapshot) -> None:
    """Remember the snapshot taken before a run that had nothing to do."""
    base = base_asked(checkout, seen.default)
    about_it = base == memory.of(place.name).base
    memory.keep(place.name, Known(base, memory.digest(seen) if about_it else ""))


def settled(action: Action) -> bool:
    return isinstance(action, Leave) and action.reason in SETTLED


def row(name: str, actions: Iterable[Action]) -> Row:
    kinds = [type(action) for action in actions]
    return Row(
        name,
        opened=kinds.count(Open),
        updated=kinds.count(Update),
        closed=kinds.count(Close) + kinds.count(Drop),
        left=kinds.count(Leave),
    )


def table(rows: Iterable[Row]) -> str:
    """The rows for people, in columns."""
    head = [field.name for field in fields(Row)]
    lines = [head, *([str(getattr(row, name)) for name in head] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if at in (0, len(head) - 1) else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
