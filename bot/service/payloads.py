"""A payload of GitHub's: whatever somebody sent who knows the secret.

A field may be missing or of another type, and then it says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}/[A-Za-z0-9_.-]{1,100}")
# What no database keeps or no encoding has, and no name of GitHub's holds.
UNFIT = re.compile("[\0\ud800-\udfff]")
LARGEST = 1 << 63  # numbers from there on are no ids


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload, asked by path; what is not there, or is something else, is empty."""

    document: dict[str, object]

    def get(self, *path: str) -> object:
        found: object = self.document
        for key in path:
            if not isinstance(found, dict):
                return None
            found = found.get(key)
        return found

    def text(self, *path: str) -> str:
        found = self.get(*path)
        return found if isinstance(found, str) and not UNFIT.search(found) else ""

    def number(self, *path: str) -> int:
        found = self.get(*path)
        if not isinstance(found, int) or isinstance(found, bool):
            return 0
        return found if 0 < found < LARGEST else 0

    @property
    def action(self) -> str:
        return self.text("action")[:50]

    @property
    def installation(self) -> int:
        return self.number("installation", "id")

    @property
    def repository(self) -> str:
        return named(self.text("repository", "full_name"))

    def repositories(self, key: str) -> tuple[str, ...]:
        """The names in a list of repositories, each once."""
        listed = self.get(key)
        if not isinstance(listed, list):
            return ()
        each = (Payload(item) for item in listed if isinstance(item, dict))
        names = (named(one.text("full_name")) for one in each)
        return tuple(dict.fromkeys(name for name in names if name))


def named(name: str) -> str:
    """An OWNER/REPO as it is; nothing for what cannot be one."""
    parts = name.split("/")
    if not NAME.fullmatch(name) or not all(part.strip(".") for part in parts):
        return ""
    return name
