"""Which pull request a change belongs to where a category is split: pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from zlib import crc32

from bot.model import Change

PREFIX = "codemod/"
WHOLE = ""  # the part of a category that is not split
OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # the first counts
LARGEST_OWNERS = 3 << 20  # bytes: GitHub does not read a larger one either
MOST_STARS = 4  # of a pattern; with more, matching may take for ever
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")

PartOf = Callable[[str], str]


def whole(path: str) -> str:
    return WHOLE


def folder_of(path: str) -> str:
    """The top-level folder, or the whole for a file beside them."""
    return path.partition("/")[0] if "/" in path else WHOLE


def owner_of(codeowners: str) -> PartOf:
    """Who owns a path by a CODEOWNERS file, or the whole where nobody does.

    Raises ValueError for a pattern that is none.
    """
    from codeowners import CodeOwners

    lines = codeowners.splitlines()
    owners = CodeOwners(
        "\n".join(each for each in lines if each.count("*") <= MOST_STARS)
    )

    def part(path: str) -> str:
        return " ".join(sorted(name for _, name in owners.of(path)))

    return part


def divided(changes: Iterable[Change], part_of: PartOf) -> dict[str, list[Change]]:
    """The changes by part; what was only declined has no part of its own."""
    parts: dict[str, list[Change]] = {}
    for change in changes:
        parts.setdefault(part_of(change.path), []).append(change)
    return {
        part: group
        for part, group in sorted(parts.items())
        if any(change.tier != "declined" for change in group)
    }


def branch_of(codemod: str, part: str) -> str:
    """The branch of a part: its name where git takes it, else a like one."""
    if part == WHOLE:
        return PREFIX + codemod
    name = UNSAFE.sub("-", part).strip("-")[:60]
    if name != part:
        name += f"-{crc32(part.encode('utf-8', 'surrogatepass')):08x}"
    return f"{PREFIX}{codemod}.{name.strip('-')}"


def codemod_of(branch: str) -> str:
    """The codemod that a branch of ours is about; "" for another's branch."""
    if not branch.startswith(PREFIX):
        return ""
    return branch.removeprefix(PREFIX).partition(".")[0]


def branches(codemod: str, tips: Mapping[str, str]) -> Sequence[str]:
    """The branch of the whole and those of parts that are there."""
    parts = (name for name in tips if name.startswith(f"{PREFIX}{codemod}."))
    return [PREFIX + codemod, *sorted(parts)]
