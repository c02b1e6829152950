"""Unified diffs as git writes them, of bytes."""

from __future__ import annotations

import os
from difflib import SequenceMatcher

from codemods.git import quoted, root_of

CONTEXT = 3


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """A diff of one file that `git apply` accepts.

    Inside a repository the path is given from its root, as git itself does, so that
    the diff can be applied from anywhere within; elsewhere it is the path as shown.
    """
    name = from_root(path)
    old, new = quoted(f"a/{name}"), quoted(f"b/{name}")
    tab = "\t" if " " in name and not old.startswith('"') else ""
    head = f"diff --git {old} {new}\n--- {old}{tab}\n+++ {new}{tab}\n"
    return head.encode() + b"".join(hunks(lines(before), lines(after)))


def from_root(path: str) -> str:
    root = root_of(os.path.dirname(os.path.abspath(path)))
    return os.path.relpath(path, root).replace(os.sep, "/") if root else path


def lines(data: bytes) -> list[bytes]:
    """Lines as git counts them: ended by a line feed and nothing else."""
    parts = data.split(b"\n")
    ended = [part + b"\n" for part in parts[:-1]]
    return [*ended, parts[-1]] if parts[-1] else ended


Change = tuple[int, int, int, int]  # old lines from, to; new lines from, to


def hunks(old: list[bytes], new: list[bytes]) -> list[bytes]:
    groups: list[list[Change]] = []
    for change in changes(old, new):
        if groups and change[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(change)
        else:
            groups.append([change])
    return [hunk(old, new, group) for group in groups]


def changes(old: list[bytes], new: list[bytes]) -> list[Change]:
    """Where the lines differ.

    What both ends have in common is cut off first: comparing is cheaper than matching.
    """
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    most -= head
    tail = next((i for i in range(most) if old[~i] != new[~i]), most)
    matcher = SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail]
    )
    return [
        (a1 + head, a2 + head, b1 + head, b2 + head)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def hunk(old: list[bytes], new: list[bytes], group: list[Change]) -> bytes:
    first, last = group[0], group[-1]
    start, end = max(0, first[0] - CONTEXT), min(len(old), last[1] + CONTEXT)
    new_start, new_end = first[2] - (first[0] - start), last[3] + (end - last[1])
    parts = [f"@@ -{span(start, end)} +{span(new_start, new_end)} @@\n".encode()]
    at = start
    for a1, a2, b1, b2 in group:
        parts += [b" " + closed(line) for line in old[at:a1]]
        parts += [b"-" + closed(line) for line in old[a1:a2]]
        parts += [b"+" + closed(line) for line in new[b1:b2]]
        at = a2
    parts += [b" " + closed(line) for line in old[at:end]]
    return b"".join(parts)


def span(start: int, end: int) -> str:
    count = end - start
    if count == 1:
        return f"{start + 1}"
    return f"{start + 1 if count else start},{count}"


def closed(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
