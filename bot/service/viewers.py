"""Who looks at the pages, and what they may see and do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone who is signed in.

    `repositories` are the names, in lower case, of those that they can read, None for
    all; an admin may also see and retry jobs. `csrf` is to be in each form of theirs,
    as the field `csrf`.
    """

    login: str
    repositories: frozenset[str] | None
    admin: bool
    csrf: str

    def may_see(self, repository: str) -> bool:
        return self.repositories is None or repository.lower() in self.repositories


# Who asks, None where they are not signed in.
Who = Callable[[HTTPConnection], Viewer | None]
