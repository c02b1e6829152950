"""How many findings there were over time, by codemod or by repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.service.ledger.tables import COUNTS

DAY = 86_400.0  # seconds
C = COUNTS.c
FIXES, LEFT = sa.func.sum(C.safe + C.unsafe), sa.func.sum(C.declined)
Where = Sequence[sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is looked at, until now (s since 1970), in equal steps."""

    now: float
    days: int
    steps: int

    @property
    def since(self) -> float:
        return self.now - self.days * DAY

    @property
    def moments(self) -> list[float]:
        step = self.days * DAY / self.steps
        return [self.since + at * step for at in range(self.steps + 1)]


@dataclass(frozen=True, slots=True)
class Series:
    """What there was at each moment of a window: fixes, and findings left alone."""

    fixes: tuple[int, ...]
    left: tuple[int, ...]

    @property
    def change(self) -> int:
        """How many fixes more there are than there were."""
        return self.fixes[-1] - self.fixes[0]


def trends(
    work: sa.Connection, by: sa.Column[str], where: Where, window: Window
) -> dict[str, Series]:
    """The series of each codemod (or repository) that `by` names.

    Counted back from what there is now, so that only what changed is read.
    """
    now: dict[str, tuple[int, int]] = {}
    for name, fixes, left in work.execute(standing(by, where)):
        now[name] = (int(fixes), int(left))
    steps: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(zeros))
    for column, sign in ((C.at, 1), (C.until, -1)):
        for name, step, fixes, left in work.execute(moved(column, by, where, window)):
            # What begins in the moment that is now may come out one step further.
            found = steps[name][min(int(step), window.steps)]
            found[0] += sign * int(fixes)
            found[1] += sign * int(left)
    names = now.keys() | steps.keys()
    return {
        name: walked_back(now.get(name, (0, 0)), steps[name], window.steps)
        for name in sorted(names)
    }


def zeros() -> list[int]:
    return [0, 0]


def standing(by: sa.Column[str], where: Where) -> sa.Select[str, Any, Any]:
    """What there is now."""
    return sa.select(by, FIXES, LEFT).where(C.until.is_(None), *where).group_by(by)


def moved(
    column: sa.Column[float], by: sa.Column[str], where: Where, window: Window
) -> sa.Select[Any]:
    """What began (or ended) within each step."""
    length = window.days * DAY / window.steps
    # Rounds up; not by CEIL, which SQLite may be built without.
    step = sa.func.round((column - window.since) / length + 0.5)
    return (
        sa.select(by, step, FIXES, LEFT)
        .where(column > window.since, *where)
        .group_by(by, step)
    )


def walked_back(
    now: tuple[int, int], steps: dict[int, list[int]], count: int
) -> Series:
    fixes, left = [now[0]], [now[1]]
    for step in range(count, 0, -1):
        less = steps.get(step, zeros())
        fixes.append(fixes[-1] - less[0])
        left.append(left[-1] - less[1])
    return Series(tuple(reversed(fixes)), tuple(reversed(left)))


def total(series: Sequence[Series]) -> Series:
    """The sum of several series of one window."""
    return Series(
        tuple(map(sum, zip(*(each.fixes for each in series), strict=True))),
        tuple(map(sum, zip(*(each.left for each in series), strict=True))),
    )
