"""A forge that is a folder: each pull request is a file with title and body."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.actions import Notice
from bot.annotations import Annotation
from bot.model import Checks, Proposal, Pull
from bot.ports import Refused, Signing, Trouble

OPEN, CLOSED = ".md", ".closed.md"


@dataclass(frozen=True, slots=True)
class Folder:
    """Pull requests for a remote without a forge; see ports.Forge.

    `tips` are the branches of the remote: a pull whose branch is gone is closed.
    """

    path: str
    base: str
    tips: Mapping[str, str]

    def pulls(self, branches: Sequence[str]) -> tuple[Pull, ...]:
        found = (
            self.read(branch, ending)
            for branch in branches
            for ending in (OPEN, CLOSED)
        )
        return tuple(pull for pull in found if pull is not None)

    def read(self, branch: str, ending: str) -> Pull | None:
        head = self.tips.get(branch, "")
        pull = Pull(0, branch, self.base, head, "", open=bool(head) and ending == OPEN)
        try:
            with open(self.file(pull, ending), encoding="utf-8") as stream:
                title, _, body = stream.read().partition("\n\n")
        except FileNotFoundError:
            return None
        return replace(pull, title=title.removeprefix("# "), body=body)

    def pull(self, number: int) -> Pull:
        raise Trouble("pull requests in a folder have no numbers")

    def comments(self, pull: Pull) -> tuple[str, ...]:
        return ()

    def open(self, proposal: Proposal, title: str, body: str) -> Pull:
        pull = Pull(0, proposal.branch, proposal.base.branch, proposal.head, body)
        self.write(pull, title, body)
        return pull

    def sign(self, work: Signing) -> str | None:
        return None

    def annotate(self, commit: str, codemod: str, found: Sequence[Annotation]) -> None:
        """There is no place for it."""

    def assign(self, pull: Pull, proposal: Proposal) -> None:
        """There is nobody to assign."""

    def edit(self, pull: Pull, title: str, body: str, base: str) -> None:
        self.write(pull, title, body)

    def close(self, pull: Pull, body: str) -> None:
        self.write(pull, pull.title, body, CLOSED)
        os.unlink(self.file(pull, OPEN))

    def comment(self, pull: Pull, text: str) -> None:
        """Nobody would read it; that the branch is left alone is printed."""

    def checks(self, commit: str) -> Checks:
        return Checks("none")

    def notices(self, pulls: int | None = None) -> tuple[Notice, ...]:
        return ()

    def tell(self, title: str, body: str) -> int:
        raise Refused("it has none")

    def amend(self, notice: Notice, body: str, closed: bool) -> None:
        """There are no issues."""

    def announce(self, pull: Pull) -> None:
        """There are no drafts."""

    def withdraw(self, pull: Pull) -> None:
        """There is nothing to withdraw."""

    def file(self, pull: Pull, ending: str) -> str:
        return os.path.join(self.path, pull.branch.rpartition("/")[2] + ending)

    def write(self, pull: Pull, title: str, body: str, ending: str = OPEN) -> None:
        try:
            os.makedirs(self.path, exist_ok=True)
            part = self.file(pull, ".part")
            with open(part, "w", encoding="utf-8") as stream:
                stream.write(f"# {title}\n\n{body}")
            os.replace(part, self.file(pull, ending))
        except OSError as error:
            raise Trouble(f"{self.path}: {error.strerror}") from error
