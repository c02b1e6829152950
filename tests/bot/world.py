"""A repository on the GitHub stand-in, with a person's clone of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.github import connected
from bot.mirrors import mirror
from bot.run import Repository
from tests.bot.build import tick
from tests.bot.emulated import REPOSITORY
from tests.bot.hub import Hub
from tests.bot.remote import TOKEN, Work
from tests.bot.test_run import Noon


@dataclass
class World:
    work: Work
    hub: Hub
    api: str

    def run(self, token: str = TOKEN) -> list[str]:
        cache = str(self.work.path.parent / "cache")
        forge = connected(REPOSITORY, token, self.api)
        with mirror(cache, forge.clone_url, TOKEN) as checkout:
            return list(Repository(checkout, forge, Noon(), ("iterrows",)).run())

    def pull(self) -> dict[str, Any]:
        (pull,) = self.hub.pulls("open")
        return pull

    def click(self, key: str, on: bool) -> None:
        pull = self.pull()
        body = tick(pull["body"], key, on)
        self.hub.api("PATCH", f"/pulls/{pull['number']}", {"body": body})

    def comments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.hub.api(
            "GET", f"/issues/{self.pull()['number']}/comments"
        )
        return found
