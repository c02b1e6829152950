"""What a sweep comes to: findings by codemod, worst files, what changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.report import State
from bot.sweep import Row

WORST = 10  # files that are named
NIGHTS = 7  # of the trend
OPEN: tuple[State, ...] = ("made", "offered", "later")

# A repository's findings: by codemod, path and state.
Standing = Mapping[str, Mapping[str, Mapping[str, int]]]
# How many a repository has, by codemod.
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Category:
    """A codemod's findings in all repositories.

    `open` are those with a fix that nobody turned down, `refused` the others, `alone`
    those without one. `fixed` were there the night before and are not now, `new` the
    other way round, counted in each repository.
    """

    codemod: str
    found: int
    open: int
    refused: int
    alone: int
    fixed: int
    new: int

    @property
    def trend(self) -> int:
        return self.new - self.fixed


@dataclass(frozen=True, slots=True)
class Worst:
    """A file with many findings, by codemod."""

    repository: str
    path: str
    counts: tuple[tuple[str, int], ...]

    @property
    def found(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Summary:
    """`began` and the moments of the trend in seconds since 1970; of the repositories
    so many were worked on and so many were as they were. `rows` are those in which
    something was done or went wrong."""

    began: float
    repositories: int
    worked_on: int
    unchanged: int
    categories: tuple[Category, ...] = ()
    worst: tuple[Worst, ...] = ()
    rows: tuple[Row, ...] = ()
    trend: tuple[tuple[float, int], ...] = ()

    @property
    def failed(self) -> int:
        return sum(bool(row.error) for row in self.rows)

    @property
    def all(self) -> Category:
        """The categories together."""
        each = self.categories
        return Category(
            "all",
            found=sum(c.found for c in each),
            open=sum(c.open for c in each),
            refused=sum(c.refused for c in each),
            alone=sum(c.alone for c in each),
            fixed=sum(c.fixed for c in each),
            new=sum(c.new for c in each),
        )


def category(
    codemod: str, states: Counts, changes: Iterable[tuple[int, int]]
) -> Category:
    """From counts by state, and of each repository the counts before and now."""
    pairs = list(changes)
    return Category(
        codemod,
        found=sum(states.values()),
        open=sum(states.get(state, 0) for state in OPEN),
        refused=states.get("vetoed", 0),
        alone=states.get("declined", 0),
        fixed=sum(max(0, before - now) for before, now in pairs),
        new=sum(max(0, now - before) for before, now in pairs),
    )


def worst_of(counts: Mapping[tuple[str, str], Counts]) -> tuple[Worst, ...]:
    """The worst files of those given, by repository and path."""
    found = [
        Worst(repository, path, tuple(sorted(each.items())))
        for (repository, path), each in counts.items()
    ]
    found.sort(key=lambda worst: (-worst.found, worst.repository, worst.path))
    return tuple(found[:WORST])


def told(row: Row) -> bool:
    return bool(row.opened or row.updated or row.closed or row.error)


def categories_of(
    standing: Mapping[str, Standing], before: Mapping[str, Counts]
) -> tuple[Category, ...]:
    """The categories of repositories by name, with what they had the night before."""
    names = {
        codemod for each in (*standing.values(), *before.values()) for codemod in each
    }
    return tuple(one_of(name, standing, before) for name in sorted(names))


def one_of(
    codemod: str, standing: Mapping[str, Standing], before: Mapping[str, Counts]
) -> Category:
    states: Counter[str] = Counter()
    changes = []
    for name in {*standing, *before}:
        now: Counter[str] = Counter()
        for counts in standing.get(name, {}).get(codemod, {}).values():
            now.update(counts)
        states += now
        changes.append((before.get(name, {}).get(codemod, 0), now.total()))
    return category(codemod, states, changes)
