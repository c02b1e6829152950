"""What a plan may ask for: each an action of its own."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Proposal, Pull


@dataclass(frozen=True, slots=True)
class Open:
    """Push the branch over `lease` (None: it is new), then ask for a pull."""

    proposal: Proposal
    lease: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Bring the branch (pushed over `lease`, if any) and the words up to date."""

    pull: Pull
    proposal: Proposal
    lease: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Announce:
    """A draft whose checks succeed: it is ready for people."""

    pull: Pull
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Close:
    """Close a pull with a sentence, keeping what it remembers, and drop its branch."""

    pull: Pull
    lease: str
    why: str
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drop:
    """Delete a branch of ours that no pull request will be about."""

    branch: str
    lease: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Say once that the branch is a person's now."""

    pull: Pull


@dataclass(frozen=True, slots=True)
class Notice:
    """An issue of the bot's that tells of a mistake in the config."""

    number: int
    body: str
    open: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """Say in an issue what is wrong with the config.

    `there`: the one to rewrite; `known`: how people know already.
    """

    mistake: str
    body: str = ""
    there: Notice | None = None
    known: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """Close an issue about a mistake that is mended."""

    notice: Notice
    body: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing is done about a branch, and why."""

    branch: str
    reason: str


Action = Open | Update | Announce | Close | Drop | Comment | Tell | Settle | Leave
