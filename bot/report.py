"""What a run leaves for those who were not there: what it found, said and left open.

The same value on its way from a run to the service (as JSON), and in a sweep.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.choice import Choice
from bot.model import Base, Change, Pull

VERSION = 1  # of the JSON
State = Literal["made", "offered", "vetoed", "later", "declined"]
STATES: tuple[State, ...] = ("made", "offered", "vetoed", "later", "declined")


@dataclass(frozen=True, slots=True)
class Place:
    """A finding and what became of it.

    `state`: "made" is on the branch, "offered" stands there to be ticked, "vetoed" was
    turned down by a person, "later" comes after the limits of one pull request, and
    "declined" is left alone for its reason.
    """

    change: Change
    state: State


@dataclass(frozen=True, slots=True)
class Looked:
    """What a codemod found in a repository; nothing where it is not selected.

    `pulls` are those that there were before anything was done, with their bodies.
    """

    codemod: str
    base: Base
    places: tuple[Place, ...] = ()
    pulls: tuple[Pull, ...] = ()

    def count(self, *tiers: str) -> int:
        return sum(each.change.tier in tiers for each in self.places)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a run's log, so many seconds after it began."""

    seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run leaves.

    `began` in seconds since 1970; `looked` without pulls; `pulls` as the run left them,
    without bodies; of these so many were opened, updated and closed by the run;
    `error` is "" for a run that came to its end, and `lasting` says that it would be
    the same soon after. `settled`: as long as nothing happens in the repository, the
    next run would do nothing.
    """

    repository: str
    version: str
    began: float
    seconds: float
    looked: tuple[Looked, ...] = ()
    pulls: tuple[Pull, ...] = ()
    log: tuple[Line, ...] = ()
    opened: int = 0
    updated: int = 0
    closed: int = 0
    error: str = ""
    lasting: bool = False
    settled: bool = False

    @property
    def told(self) -> str:
        return "\n".join(line.text for line in self.log)


def places_of(
    changes: Iterable[Change], choices: Iterable[Choice]
) -> tuple[Place, ...]:
    """Each finding with its state, by path and line."""
    known: dict[str, Place] = {}
    for choice in choices:
        for state in STATES:
            for change in getattr(choice, state):
                known[change.key] = Place(change, state)
    # What was declined where nothing is to be fixed has no pull request.
    found = [known.get(each.key) or Place(each, "declined") for each in changes]
    return tuple(sorted(found, key=lambda p: (p.change.path, p.change.line)))


def printed(report: Report) -> str:
    return json.dumps({"format": VERSION, **asdict(report)}, separators=(",", ":"))


def read(text: str) -> Report:
    """A report as it was printed. Raises ValueError for what is none."""
    try:
        given = json.loads(text)
        if given.pop("format") != VERSION:
            raise ValueError("a report of another version")
        return report_of(given)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a report") from error


def report_of(given: Mapping[str, Any]) -> Report:
    return Report(
        **{
            **given,
            "looked": tuple(map(looked_of, given["looked"])),
            "pulls": tuple(map(pull_of, given["pulls"])),
            "log": tuple(Line(**each) for each in given["log"]),
        }
    )


def looked_of(given: Mapping[str, Any]) -> Looked:
    places = tuple(map(place_of, given["places"]))
    return Looked(given["codemod"], Base(**given["base"]), places)


def pull_of(given: Mapping[str, Any]) -> Pull:
    return Pull(**{**given, "comments": tuple(given["comments"])})


def place_of(given: Mapping[str, Any]) -> Place:
    return Place(Change(**given["change"]), given["state"])


def write(report: Report, path: str) -> None:
    """Leave it at `path`, whole or not at all. Raises OSError."""
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8", errors="surrogatepass") as stream:
        stream.write(printed(report))
    os.replace(part, path)
