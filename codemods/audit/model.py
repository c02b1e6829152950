"""The nouns of an audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codemods.model import Failure


@dataclass(frozen=True, slots=True)
class Site:
    """One instance: where it is and, in a clause, what.

    `tier` is the verdict for what a codemod found ("safe", "unsafe", "refused"), with
    `reason` the caveat or why not; None for what no codemod is about. `rank` orders the
    sites of a category, the worst first. `new`: a baseline does not know it.
    """

    path: str
    line: int
    what: str
    fingerprint: str
    tier: str | None = None
    reason: str | None = None
    rank: int = 0
    new: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search for the words says: lines that match, and files with such lines."""

    lines: int = 0
    files: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """A category against a baseline: instances then, those new, and those gone."""

    before: int
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class Category:
    """All that was found of one kind.

    `silenced` more are left alone by comments; `of` is how many places could have been
    one.
    """

    name: str
    title: str
    advice: str
    sites: tuple[Site, ...]
    search: str
    hits: Hits
    fixable: bool = False
    silenced: int = 0
    of: int | None = None
    trend: Trend | None = None

    @property
    def files(self) -> int:
        return len({site.path for site in self.sites})

    def tier(self, name: str) -> int:
        return sum(site.tier == name for site in self.sites)

    @property
    def worst(self) -> list[tuple[str, int]]:
        """Files by how many instances they hold, the most first."""
        counts: dict[str, int] = {}
        for site in self.sites:
            counts[site.path] = counts.get(site.path, 0) + 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Audit:
    """A whole audit, which took `seconds`; `baseline` is what it is held against."""

    categories: tuple[Category, ...]
    scanned: int
    lines: int
    seconds: float = 0.0
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One file: its sites and matching lines by category, and what could not be done.

    `totals` are the places that could have been one, `silenced` those that comments
    leave alone.
    """

    path: str
    lines: int
    sites: Mapping[str, tuple[Site, ...]]
    hits: Mapping[str, int]
    totals: Mapping[str, int]
    silenced: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    skipped: str | None = None
