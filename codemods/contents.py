"""What earlier surveys found, by content: for trees written anew for each of them.

As in a Cache, a result holds for a file's bytes at its path, under the same tool,
config and style of its folder. Stamps count for nothing, and neither does where the
tree is: its files are known by their paths in it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from codemods import files, formatters
from codemods.cache import loaded, name_of, store, style_key
from codemods.identity import tools
from codemods.outcome import Outcome, decoded, digest, encoded

if TYPE_CHECKING:
    from codemods.cache import Kept
    from codemods.config import Config
    from codemods.files import Stamp
    from codemods.registry import Entry

MOST_FILES = 40  # in a folder: two for each codemod, and those of old configs
NO_STAMP = (0, 0)
Asked = Mapping[str, Mapping[str, bool]]


class Contents:
    """What is known of the files of a tree at `root`, and what a survey learns of them.

    `folder` is where it is kept; `key` is what it depends on besides the files; `asked`
    is as in a Request.
    """

    def __init__(self, folder: str, key: bytes, root: str, asked: Asked) -> None:
        self.folder = folder
        self.key = key
        self.root = root
        self.asked = asked
        self.known: Mapping[str, Kept] = loaded(self.file, key)[2]
        self.kept: dict[str, Kept] = {}

    @property
    def file(self) -> str:
        return os.path.join(self.folder, name_of(self.key))

    def is_clean(self, path: str) -> bool:
        return False

    def is_foreign(self, path: str) -> bool:
        return False

    def unchanged(self, path: str) -> Outcome | None:
        return None

    def keep_clean(self, path: str, stamp: Stamp) -> None:
        """The test that found it so costs no more than a digest."""

    def keep_foreign(self, path: str, stamp: Stamp) -> None:
        """As for those that are clean."""

    def expect(self, path: str, stamp: Stamp) -> None:
        """Outcomes have the digest of what they are of."""

    def same(self, path: str, stamp: Stamp, data: bytes) -> Outcome | None:
        """The outcome for a file whose content is the same."""
        old = self.known.get(self.name(path))
        if old is None or old[2] != digest(data):
            return None
        outcome = decoded(path, old[2], old[4])
        if outcome.patch is not None and style_key(path) != old[3]:
            return None
        # They were found where the tree was then.
        there = tuple(replace(each, path=path) for each in outcome.findings)
        silent = tuple(replace(each, path=path) for each in outcome.silenced)
        return replace(outcome, findings=there, silenced=silent)

    def keep(self, outcome: Outcome) -> None:
        """Remember what was found; failures are tried again instead."""
        if outcome.failures or not outcome.digest:
            return
        key = style_key(outcome.path) if outcome.patch is not None else 0
        found = encoded(outcome)
        name = self.name(outcome.path)
        self.kept[name] = (*NO_STAMP, outcome.digest, key, found)

    def name(self, path: str) -> str:
        """Of a file: its path in the tree, and what is asked for in it."""
        inside = os.path.relpath(path, self.root).replace(os.sep, "/")
        wishes = self.asked.get(path)
        return inside if wishes is None else f"{inside}\0{of_wishes(wishes)}"

    def save(self) -> None:
        """Write what was learned. Where that fails, the next survey is only slower."""
        with suppress(OSError, files.Refused):
            if self.kept == self.known:
                os.utime(self.file)
            else:
                none: dict[str, Stamp] = {}
                content = (self.key, none, none, self.kept)
                store(self.folder, name_of(self.key), content, MOST_FILES)


def of_wishes(wishes: Mapping[str, bool]) -> str:
    told = repr(sorted(wishes.items())).encode()
    return blake2b(told, digest_size=16).hexdigest()


def key_of(config: Config, entries: Sequence[Entry], asked: Asked) -> bytes:
    """What results depend on besides their files, wherever the tree is."""
    root = repr(config.root)[1:-1].encode("utf-8", "surrogateescape")
    # Two surveys of one tree, as it is and with wishes, do not forget each other's.
    others = repr((formatter(), bool(asked))).encode()
    return others + tools("", entries) + config.text.replace(root, b"\0")


def formatter() -> tuple[str, int, int]:
    """The ruff that would be run."""
    path = formatters.ruff()
    if path is None:
        return "", 0, 0
    status = os.stat(path)
    return path, status.st_size, status.st_mtime_ns
