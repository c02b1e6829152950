"""What earlier runs found, so that what has not changed is not looked at again.

One file for every combination of tool, config and command line, replaced as a whole:
two runs at once cannot spoil it, and the later one's stays. It holds marshalled tuples
behind a checksum (a third of the time of sqlite3 to read); nothing in it is executed.
"""

from __future__ import annotations

import marshal
import os
import time
from contextlib import suppress
from zlib import crc32

from codemods import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeVar

    from codemods.files import Stamp
    from codemods.outcome import Outcome

    V = TypeVar("V")

    # A stamp, the digest of the content, the key of its style, the outcome.
    Kept = tuple[int, int, bytes, int, bytes]
    Known = tuple[Mapping[str, Stamp], Mapping[str, Stamp], Mapping[str, Kept]]

FOLDER = ".codemod_cache"
MOST_FILES = 10
CHECKSUM = 4  # bytes
SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n"
# ns; a file changed less than this before a run began may change once more within
# the same tick of its file system's clock.
RACY = 2_000_000_000


class Cache:
    """What is known of files, and what a run learns of them.

    `folder` is where it is kept; None keeps nothing. `key` is what the knowledge
    depends on besides the files.
    """

    def __init__(self, folder: str | None, key: bytes) -> None:
        self.folder = folder
        self.key = key
        self.settled = time.time_ns() - RACY
        self.known: Known = ({}, {}, {})
        if folder is not None:
            self.known = loaded(os.path.join(folder, name_of(key)), key)
        self.clean: dict[str, Stamp] = {}
        self.foreign: dict[str, Stamp] = {}
        self.kept: dict[str, Kept] = {}
        self.expected: dict[str, Stamp] = {}

    def unknown(self, paths: Sequence[str]) -> list[str]:
        """The paths of files that changed, or where there is something to tell.

        The others are clean: unchanged, and nothing was found in them. One loop
        without a call of ours in it, because it is what most runs spend their time on.
        """
        lstat, known, clean = os.lstat, self.known[0], self.clean
        rest: list[str] = []
        for path in paths:
            old = known.get(path)
            if old is not None:
                try:
                    status = lstat(path)
                except OSError:
                    continue  # gone since it was listed
                if (status.st_size, status.st_mtime_ns) == old:
                    clean[path] = old
                    continue
            rest.append(path)
        return rest

    def is_clean(self, path: str) -> bool:
        """Whether a file that was judged is unchanged, and nothing was found in it."""
        kept = self.known[2].get(path)
        if kept is None or kept[4] or not is_still(path, kept[:2]):
            return False
        self.kept[path] = kept
        return True

    def is_foreign(self, path: str) -> bool:
        """Whether a file is unchanged and was no Python."""
        old = self.known[1].get(path)
        if old is None or not is_still(path, old):
            return False
        self.foreign[path] = old
        return True

    def unchanged(self, path: str) -> Outcome | None:
        """The outcome for a file whose stamp is the same."""
        old = self.known[2].get(path)
        if old is None or not is_still(path, old[:2]):
            return None
        return self.recalled(path, old)

    def same(self, path: str, stamp: Stamp, data: bytes) -> Outcome | None:
        """The outcome for a file whose content is the same."""
        old = self.known[2].get(path)
        if old is None:
            return None
        from codemods.outcome import digest

        if digest(data) != old[2]:
            return None
        return self.recalled(path, (*stamp, *old[2:]))

    def recalled(self, path: str, kept: Kept) -> Outcome | None:
        from codemods.outcome import decoded

        outcome = decoded(path, kept[2], kept[4])
        if outcome.patch is not None and style_key(path) != kept[3]:
            return None
        self.kept[path] = kept
        return outcome

    def keep_clean(self, path: str, stamp: Stamp) -> None:
        if stamp[1] < self.settled:
            self.clean[path] = stamp

    def keep_foreign(self, path: str, stamp: Stamp) -> None:
        if stamp[1] < self.settled:
            self.foreign[path] = stamp

    def expect(self, path: str, stamp: Stamp) -> None:
        """Of the file with this stamp there will be an outcome to keep."""
        self.expected[path] = stamp

    def keep(self, outcome: Outcome) -> None:
        """Remember what was found; failures are tried again instead."""
        stamp = self.expected.pop(outcome.path, None)
        if self.folder is None or stamp is None:
            return
        if outcome.failures or not outcome.digest:
            return
        from codemods.outcome import encoded

        size, changed = stamp
        key = style_key(outcome.path) if outcome.patch is not None else 0
        self.kept[outcome.path] = (
            size,
            changed if changed < self.settled else 0,
            outcome.digest,
            key,
            encoded(outcome),
        )

    def save(self, directories: Sequence[str]) -> None:
        """Write what was learned; what is known of other directories stays.

        Where it cannot be written, the next run is slower and nothing else.
        """
        if self.folder is None or (self.clean, self.foreign, self.kept) == self.known:
            return
        under = tuple("" if path == "." else f"{path}/" for path in directories)
        learned = (
            beside(self.known[0], self.clean, under),
            beside(self.known[1], self.foreign, under),
            beside(self.known[2], self.kept, under),
        )
        if learned != self.known:
            with suppress(OSError, files.Refused):
                store(self.folder, name_of(self.key), (self.key, *learned))


def is_still(path: str, stamp: Stamp) -> bool:
    try:
        return files.stamped(path) == stamp
    except OSError:
        return False


def style_key(path: str) -> int:
    from codemods.formatting import style_of

    return style_of(os.path.dirname(os.path.abspath(path))).key


def beside(
    known: Mapping[str, V], learned: Mapping[str, V], under: tuple[str, ...]
) -> Mapping[str, V]:
    """What was learned of the files `under` some directories; others stay known."""
    others = {path: old for path, old in known.items() if not path.startswith(under)}
    return {**others, **learned}


def name_of(key: bytes) -> str:
    return f"{crc32(key):08x}"


def loaded(file: str, key: bytes) -> Known:
    """What a cache file holds; nothing where it is missing, broken or another's."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
        if int.from_bytes(data[:CHECKSUM], "big") != crc32(data[CHECKSUM:]):
            return {}, {}, {}
        found_key, clean, foreign, kept = marshal.loads(data[CHECKSUM:])
    except (OSError, ValueError, EOFError, TypeError):
        return {}, {}, {}
    return (clean, foreign, kept) if found_key == key else ({}, {}, {})


def store(
    folder: str, name: str, content: tuple[Any, ...], most: int = MOST_FILES
) -> None:
    """Write a cache file, and what keeps the folder out of commits and backups."""
    if not os.path.isdir(folder):
        os.makedirs(folder, exist_ok=True)
        write(folder, ".gitignore", b"*\n")
        write(folder, "CACHEDIR.TAG", SIGNATURE)
    data = marshal.dumps(content)
    write(folder, name, crc32(data).to_bytes(CHECKSUM, "big") + data)
    prune(folder, most)


def write(folder: str, name: str, data: bytes) -> None:
    with files.staged(os.path.join(folder, name), data):
        pass


def prune(folder: str, most: int) -> None:
    """Remove the oldest files: those of tools and configs that are gone."""
    found = [
        entry for entry in os.scandir(folder) if len(entry.name) == len(name_of(b""))
    ]
    found.sort(key=lambda entry: entry.stat().st_mtime_ns)
    for entry in found[:-most]:
        os.unlink(entry.path)
