"""What commits hold, and one taken back: over git objects, without a working tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from bot.command import Git
from bot.model import File
from bot.ports import Added, Trouble, Undone

ABSENT = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A blob of a tree."""

    mode: str
    blob: str
    path: str


def entries(git: Git, commit: str) -> Iterator[Entry]:
    out = git.run("ls-tree", "-r", "-z", "--full-tree", commit)
    for item in out.split(b"\0")[:-1]:
        fields, _, path = item.partition(b"\t")
        mode, _, blob = fields.decode().split()
        yield Entry(mode, blob, os.fsdecode(path))


def parents(git: Git, commit: str) -> tuple[str, ...]:
    head, _, _ = git.run("cat-file", "commit", commit).partition(b"\n\n")
    fields = (line.partition(b" ") for line in head.split(b"\n"))
    return tuple(value.decode() for key, _, value in fields if key == b"parent")


def differing(ours: Iterator[Entry], theirs: Iterator[Entry]) -> tuple[str, ...]:
    """The paths at which two trees differ, in content or mode."""
    return tuple(sorted({entry.path for entry in set(ours) ^ set(theirs)}))


def added(git: Git, base: str, commit: str) -> tuple[Added, ...]:
    new = set(entries(git, commit)) - set(entries(git, base))
    return tuple(
        Added(entry.path, entry.mode, content(git, entry.blob))
        for entry in sorted(new, key=lambda entry: entry.path)
    )


def undone(git: Git, tip: str, before: str, after: str) -> Undone:
    """The files of `tip` without what was done between two commits.

    A file that changed since is merged; where that cannot be done it is a conflict.
    """
    now, old, new = (blobs(git, commit) for commit in (tip, before, after))
    files, conflicts = [], []
    for path in sorted(path for path in old | new if old.get(path) != new.get(path)):
        was, made, here = (at.get(path, ABSENT) for at in (old, new, now))
        if here == was:
            continue
        data = content(git, was) if here == made else merged(git, here, made, was)
        if data is None or ABSENT in (was, made, here):
            conflicts.append(path)
        else:
            files.append(File(path, data))
    return Undone(tuple(files), tuple(conflicts))


def blobs(git: Git, commit: str) -> dict[str, str]:
    return {entry.path: entry.blob for entry in entries(git, commit)}


def content(git: Git, blob: str) -> bytes:
    return git.run("cat-file", "blob", blob) if blob else b""


def merged(git: Git, here: str, made: str, was: str) -> bytes | None:
    """`here` with the way from `made` to `was` gone, or None where lines meet."""
    paths = []
    for name, blob in (("here", here), ("made", made), ("was", was)):
        paths.append(os.path.join(git.folder, f"merge-{name}"))
        with open(paths[-1], "wb") as stream:
            stream.write(content(git, blob))
    try:
        return git.run("merge-file", "--stdout", "--quiet", *paths)
    except Trouble:
        return None
