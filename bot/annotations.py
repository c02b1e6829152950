"""Places left alone that a reviewer should look at, as notes beside the code: pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from bot.escape import line, visible
from bot.model import Change, Proposal

MOST = 50  # of one check run, by GitHub in one request


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a line of a file as the branch has it."""

    path: str
    line: int
    title: str
    message: str


Texts = Callable[[str], tuple[bytes, bytes]]


def urgent(proposal: Proposal, texts: Texts) -> tuple[Annotation, ...]:
    """The urgent ones of what was declined; `texts` are a file's before and after."""
    return tuple(
        Annotation(
            change.path,
            moved(change, *texts(change.path)),
            line(change.message)[:255],
            visible(f"left alone: {change.reason}")[:2_000],
        )
        for change in proposal.declined
        if change.urgent
    )


def moved(change: Change, before: bytes, after: bytes) -> int:
    """Where a line of the base is on the branch, both counted from 1."""
    if before == after:
        return change.line
    at = change.line - 1
    matcher = difflib.SequenceMatcher(
        None, before.splitlines(), after.splitlines(), autojunk=False
    )
    for old, new, size in matcher.get_matching_blocks():
        if old <= at < old + size:
            return new + at - old + 1
        if old > at:  # the line itself was rewritten: what follows it
            return new + 1
    return change.line


def words(found: tuple[Annotation, ...]) -> tuple[str, str]:
    """The check run's title and summary."""
    many = f"{len(found)} place{'' if len(found) == 1 else 's'} to look at"
    rest = f" The first {MOST} are shown." if len(found) > MOST else ""
    return many, f"These were left alone, and may well need a person.{rest}"
