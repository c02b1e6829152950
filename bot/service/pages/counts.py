"""How many findings there were over time, by codemod or by repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.service.ledger.records import DAY
from bot.service.ledger.tables import COUNTS

C = COUNTS.c
FIXES, LEFT = sa.func.sum(C.safe + C.unsafe), sa.func.sum(C.declined)
Where = Sequence[sa.ColumnElement[bool]]
# By day how many more there were: fixes, and left alone.
Days = Mapping[int, tuple[int, int]]
Moves = Mapping[str, Days]  # by codemod, or by repository
NONE: Days = {}


@dataclass(frozen=True, slots=True)
class Window:
    """The days (UTC) that are looked at, and now (s since 1970) at their end."""

    now: float
    days: int

    @property
    def today(self) -> int:
        return int(self.now // DAY)

    @property
    def all(self) -> range:
        return range(self.today - self.days + 1, self.today + 1)

    @property
    def settled(self) -> range:
        """The days of which no run has still to tell: one begins on the day that it
        tells of, and takes less than another day."""
        return range(self.all.start, self.today - 1)

    @property
    def recent(self) -> range:
        return range(max(self.all.start, self.today - 1), self.today + 1)

    @property
    def moments(self) -> list[float]:
        """The end of each day, and now."""
        return [*(float(day * DAY) for day in self.all), self.now]


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
    work: sa.Connection,
    by: sa.Column[str],
    where: Where,
    window: Window,
    settled: Moves | None = None,
) -> dict[str, Series]:
    """The series of each codemod (or repository) that `by` names.

    Counted back from what there is now, so that only what changed is read: of all
    days, or only of the recent ones where those of the settled days are given.
    """
    now: dict[str, tuple[int, int]] = {}
    for name, fixes, left in work.execute(standing(by, where)):
        now[name] = (int(fixes), int(left))
    asked = window.all if settled is None else window.recent
    recent, before = moves(work, by, where, asked), settled or {}
    return {
        name: walked_back(
            holds, {**before.get(name, NONE), **recent.get(name, NONE)}, window
        )
        for name, holds in now.items()
    }


def standing(by: sa.Column[str], where: Where) -> sa.Select[str, Any, Any]:
    """What there is now."""
    asked = sa.select(by, FIXES, LEFT).where(C.until.is_(None), *where)
    return asked.group_by(by).order_by(by)


def moves(work: sa.Connection, by: sa.Column[str], where: Where, days: range) -> Moves:
    more = (sa.func.sum(C.more), sa.func.sum(C.more_alone))
    among = C.day.between(days.start, days.stop - 1)
    asked = sa.select(by, C.day, *more).where(among, *where).group_by(by, C.day)
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for name, day, fixes, left in work.execute(asked):
        found[name][day] = (int(fixes), int(left))
    return found


def walked_back(now: tuple[int, int], days: Days, window: Window) -> Series:
    fixes, left = [now[0]], [now[1]]
    for day in range(window.today, window.today - window.days, -1):
        more, more_left = days.get(day, (0, 0))
        fixes.append(fixes[-1] - more)
        left.append(left[-1] - more_left)
    return Series(tuple(reversed(fixes)), tuple(reversed(left)))


def total(series: Sequence[Series]) -> Series:
    """The sum of several series of one window."""
    return Series(
        tuple(map(sum, zip(*(each.fixes for each in series), strict=True))),
        tuple(map(sum, zip(*(each.left for each in series), strict=True))),
    )
