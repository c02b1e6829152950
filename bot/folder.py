"""A forge that is a folder: each pull request is a file with title and body."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Proposal, Pull
from bot.ports import Trouble

OPEN, CLOSED = ".md", ".closed.md"


@dataclass(frozen=True, slots=True)
class Folder:
    """Pull requests for a remote without a forge; see ports.Forge.

    `tips` are the branches of the remote: a pull whose branch is gone is closed.
    """

    path: str
    base: str
    tips: Mapping[str, str]

    def pulls(self, prefix: str) -> tuple[Pull, ...]:
        names = os.listdir(self.path) if os.path.isdir(self.path) else []
        found = [self.read(prefix, name) for name in sorted(names)]
        return tuple(pull for pull in found if pull is not None)

    def read(self, prefix: str, name: str) -> Pull | None:
        stem = name.removesuffix(OPEN).removesuffix(".closed")
        if not name.endswith(OPEN):
            return None
        with open(os.path.join(self.path, name), encoding="utf-8") as stream:
            title, _, body = stream.read().partition("\n\n")
        branch = prefix + stem
        there = branch in self.tips and not name.endswith(CLOSED)
        return Pull(
            number=0,
            branch=branch,
            base=self.base,
            head=self.tips.get(branch, ""),
            title=title.removeprefix("# "),
            body=body,
            open=there,
        )

    def open(self, proposal: Proposal, title: str, body: str) -> Pull:
        pull = Pull(0, proposal.branch, proposal.base.branch, proposal.head, body)
        self.write(pull, title, body)
        return pull

    def edit(self, pull: Pull, title: str, body: str, base: str) -> None:
        self.write(pull, title, body)

    def close(self, pull: Pull, body: str) -> None:
        self.write(pull, pull.title, body, CLOSED)
        os.unlink(self.file(pull, OPEN))

    def comment(self, pull: Pull, text: str) -> None:
        """Nobody would read it; that the branch is left alone is printed."""

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
