"""What the sweep asks GitHub for, as the App."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.access import FRESH, Installed
from bot.apps import installations, repositories, token_of
from bot.errors import RATE_LIMIT
from bot.ports import Trouble
from bot.snapshot import Snapshot, taken_together

FAILURES = 2  # of repositories asked for alone, after which it is not them


class Reach(Protocol):
    """Every method raises Trouble."""

    def installations(self) -> Mapping[int, str]:
        """Their numbers, with whose they are."""
        ...

    def repositories(self, installation: int) -> tuple[str, ...]: ...

    def seen(
        self, installation: int, bases: Mapping[str, str]
    ) -> Mapping[str, Snapshot | None]:
        """Snapshots by name, given the bases; None for one that GitHub does not know.

        In one request where that can be done. One that there is no answer for is left
        out.
        """
        ...


@dataclass(slots=True)
class AppReach:
    """As an App; a token of an installation's is kept for as long as it holds."""

    known: Installed
    tokens: dict[int, tuple[float, str]] = field(default_factory=dict, repr=False)

    def installations(self) -> Mapping[int, str]:
        return installations(self.known.app, self.known.api)

    def repositories(self, installation: int) -> tuple[str, ...]:
        return repositories(self.token(installation), self.known.api)

    def seen(
        self, installation: int, bases: Mapping[str, str]
    ) -> Mapping[str, Snapshot | None]:
        token, api = self.token(installation), self.known.api
        try:
            return taken_together(bases, token, api)
        except Trouble as error:
            if str(error) == RATE_LIMIT or len(bases) == 1:
                raise
        # One of them may be what GitHub has no answer for.
        found: dict[str, Snapshot | None] = {}
        failed = 0
        for name, base in bases.items():
            try:
                found |= taken_together({name: base}, token, api)
            except Trouble:
                failed += 1
                if failed > FAILURES:
                    raise
        return found

    def token(self, installation: int) -> str:
        made, token = self.tokens.get(installation, (0.0, ""))
        if not token or time.monotonic() - made > FRESH:
            token = token_of(self.known.app, installation, self.known.api)
            self.tokens[installation] = time.monotonic(), token
        return token
