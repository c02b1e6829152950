"""What the bot needs of the world; adapters have no policy of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.actions import Notice
from bot.annotations import Annotation
from bot.model import Base, Branch, Checks, File, Proposal, Pull


class Trouble(Exception):
    """A repository cannot be worked on now. The message is for its log; no secrets."""


class Lasting(Trouble):
    """It would be the same soon after: a person has to do something first."""


class Refused(Trouble):
    """The forge or the remote does not want it for this branch; others may do."""


class Lost(Trouble):
    """Someone else was there first; the next run sees what they did."""


@dataclass(frozen=True, slots=True)
class Heads:
    """The branches of a remote and their tips; `default` is "" for an empty one."""

    default: str
    tips: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Added:
    """A file as a commit has it, with git's mode, such as "100644"."""

    path: str
    mode: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Signing:
    """A commit to be made by the forge: its files and the tree that is to come out."""

    proposal: Proposal
    message: str
    files: tuple[Added, ...]
    tree: str
    lease: str | None


@dataclass(frozen=True, slots=True)
class Undone:
    """Files with a commit taken back, and the paths where others changed the same."""

    files: tuple[File, ...]
    conflicts: tuple[str, ...]


class Checkout(Protocol):
    """A repository's git side. Every method raises Trouble where it cannot be done."""

    def heads(self) -> Heads: ...

    def base(self, branch: str, commit: str) -> Base:
        """Bring a commit here and describe it."""
        ...

    def branch(self, name: str, head: str) -> Branch:
        """A branch that exists, and whether its tip is the bot's."""
        ...

    def export(self, commit: str, folder: str) -> tuple[str, ...]:
        """Write what codemods look at into an empty folder; all paths of the tree."""
        ...

    def file(self, commit: str, path: str) -> bytes | None:
        """A file of a commit that is here."""
        ...

    def commit(self, base: Base, files: Sequence[File], message: str) -> str:
        """Make a commit on the base: the same arguments make the same commit."""
        ...

    def added(self, base: str, commit: str) -> tuple[Added, ...]:
        """The files of a commit made here that its base has not so."""
        ...

    def tree(self, commit: str) -> str: ...

    def parents(self, commit: str) -> tuple[str, ...]: ...

    def differing(self, ours: str, theirs: str) -> tuple[str, ...]:
        """The paths at which a commit made here differs from one of the remote."""
        ...

    def undone(self, base: Base, commit: str) -> Undone:
        """What a commit did to its first parent, taken back on the base."""
        ...

    def push(self, branch: str, commit: str, lease: str | None) -> None:
        """Set a branch that is at `lease` now (None: that is not there).

        Raises Lost where it is somewhere else.
        """
        ...

    def delete(self, branch: str, lease: str) -> None: ...


class Forge(Protocol):
    """Where pull requests are. Every method raises Trouble where it cannot be done."""

    def pulls(self, branches: Sequence[str]) -> tuple[Pull, ...]:
        """Those from any of the branches, without comments, newest first."""
        ...

    def pull(self, number: int) -> Pull:
        """One, without comments."""
        ...

    def comments(self, pull: Pull) -> tuple[str, ...]:
        """What the bot said when a person took the pull's branch over."""
        ...

    def open(self, proposal: Proposal, title: str, body: str) -> Pull:
        """Ask for a pull; an open one of the same branch is returned instead."""
        ...

    def sign(self, work: Signing) -> str | None:
        """Make a commit as the forge's own and set the branch to it; the commit.

        None where the forge makes none. Raises Lost where the branch is elsewhere.
        """
        ...

    def annotate(self, commit: str, codemod: str, found: Sequence[Annotation]) -> None:
        """Show notes beside the code of a commit, once."""
        ...

    def assign(self, pull: Pull, proposal: Proposal) -> None:
        """Add the labels, assignees and reviewers that were asked for."""
        ...

    def edit(self, pull: Pull, title: str, body: str, base: str) -> None: ...

    def close(self, pull: Pull, body: str) -> None: ...

    def comment(self, pull: Pull, text: str) -> None: ...

    def checks(self, commit: str) -> Checks:
        """What the checks of a commit say now; our own do not count."""
        ...

    def notices(self, pulls: int | None = None) -> tuple[Notice, ...]:
        """The issues that tell of a config, newest first.

        Where no more than so many pulls and issues are open, the answer may be: none.
        """
        ...

    def tell(self, title: str, body: str) -> int:
        """Open one; its number."""
        ...

    def amend(self, notice: Notice, body: str, closed: bool) -> None: ...

    def announce(self, pull: Pull) -> None:
        """Make a draft a pull that asks for review."""
        ...

    def withdraw(self, pull: Pull) -> None:
        """Remove the bot's own comments."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, and the number of the pull request or issue that it is in."""

    comment: int
    pull: int
    author: str
    text: str
    by_a_bot: bool = False
    edited: bool = False


class Talk(Protocol):
    """Where people ask for things. Every method raises Trouble where it cannot."""

    def said(self, comment: int) -> Said | None:
        """A comment by its number; None where it is gone."""
        ...

    def may_write(self, login: str) -> bool:
        """Whether a person may write to the repository now."""
        ...

    def thank(self, said: Said) -> None:
        """Show that what a comment asked for was done; again, and nothing changes."""
        ...

    def answered(self, pull: Pull, said: Said) -> bool:
        """Whether the bot answered a comment already."""
        ...


class Clock(Protocol):
    def now(self) -> int:
        """Seconds since 1970."""
        ...
