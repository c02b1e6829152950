"""A repository on the GitHub stand-in, with a person's clone of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from bot.github import GitHub, connected
from bot.mirrors import mirror
from bot.obey import Asking, obey
from bot.ports import Clock
from bot.run import Repository
from tests.bot.build import tick
from tests.bot.emulated import ANN, REPOSITORY
from tests.bot.hub import Hub
from tests.bot.remote import TOKEN, Work
from tests.bot.test_run import Noon

PROGRAM = """\
import sys
from bot import cli, session
session.PACE.update(requests=0, writes=0)
sys.exit(cli.main())
"""
RUN = ("run", REPOSITORY, "--only", "iterrows", "--even-if-idle")


@dataclass
class World:
    work: Work
    hub: Hub
    api: str

    def run(self, token: str = TOKEN, **given: Any) -> list[str]:
        with self.repository(token, **given) as here:
            return list(here.run())

    @contextmanager
    def repository(
        self,
        token: str = TOKEN,
        name: str = REPOSITORY,
        clock: Clock = Noon(),  # noqa: B008
        only: tuple[str, ...] = ("iterrows",),
        even_if_idle: bool = False,
    ) -> Iterator[Repository]:
        cache = str(self.work.path.parent / "cache")
        forge = connected(name, token, self.api)
        with mirror(cache, forge.clone_url, TOKEN) as checkout:
            yield Repository(checkout, forge, clock, only, even_if_idle)

    def process(
        self,
        cache: str = "cache",
        program: str = PROGRAM,
        command: Sequence[str] = RUN,
        **environ: str,
    ) -> subprocess.Popen[str]:
        """The command as a process of its own."""
        above = self.work.path.parent
        given = [*command, "--github-url", self.api, "--cache", str(above / cache)]
        return subprocess.Popen(
            [sys.executable, "-c", program, *given],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "GITHUB_TOKEN": TOKEN, **environ},
        )

    def quiet(self, **given: Any) -> list[str]:
        """What a run says that writes nothing at all."""
        before = self.work.tips()
        del self.hub.requests[:]
        told = self.run(**given)
        assert self.hub.writes == []
        assert self.work.tips() == before
        return told

    def settled(self, **given: Any) -> list[str]:
        """What a run says after which there is nothing more to do."""
        told = self.run(**given)
        assert all("left alone" in line for line in self.quiet(**given))
        return told

    def pull(self) -> dict[str, Any]:
        (pull,) = self.hub.pulls("open")
        return pull

    def click(self, key: str, on: bool) -> None:
        pull = self.pull()
        body = tick(pull["body"], key, on)
        self.hub.api("PATCH", f"/pulls/{pull['number']}", {"body": body})

    def say(self, text: str, number: int = 1, who: str = ANN) -> int:
        """A comment of a person's in a pull request; its number."""
        self.hub.follow()
        path = f"/repos/{REPOSITORY}/issues/{number}/comments"
        data = json.dumps({"body": text}).encode()
        made = self.hub.forward("POST", path, "", data, f"Bearer {who}")
        assert made.status == 201
        found: int = made.body["id"]
        return found

    def obey(self, comment: int, number: int = 1) -> list[str]:
        """What is done about a comment."""
        with self.repository() as here:
            forge = cast(GitHub, here.forge)
            asking = Asking(number, comment)
            return list(obey(here, forge, asking, Repository.steps))

    def comments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.hub.api(
            "GET", f"/issues/{self.pull()['number']}/comments"
        )
        return found
