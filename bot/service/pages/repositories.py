"""All repositories that somebody may see: what there is in them, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.service.ledger import Ledger
from bot.service.ledger.tables import COUNTS, REPOSITORIES
from bot.service.pages import charts
from bot.service.pages.asked import Listing, Pages, pages
from bot.service.pages.counts import (
    NONE,
    Days,
    Moves,
    Series,
    Window,
    moves,
    total,
    trends,
    walked_back,
)
from bot.service.pages.past import Past
from bot.service.pages.seen import Seen, among

SIZE = 50
STEP = 3  # days, in a small chart
FAILED = ("passing", "final")
R = REPOSITORIES.c


@dataclass(frozen=True, slots=True)
class Entry:
    """A repository in the list: `by` are its fixes by codemod, `trend` their line."""

    shown: str
    fixes: int
    left: int
    pulls: int
    ran: float
    outcome: str
    by: Mapping[str, int]
    change: int
    trend: str

    @property
    def failed(self) -> bool:
        return self.outcome in FAILED


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything together: each codemod's series, and how many there are."""

    codemods: Mapping[str, Series]
    repositories: int
    pulls: int
    failed: int

    @property
    def total(self) -> Series | None:
        return total([*self.codemods.values()]) if self.codemods else None


def overview(ledger: Ledger, seen: Seen, window: Window, past: Past) -> Overview:
    wrong = sa.func.count(sa.case((R.outcome.in_(FAILED), 1)))
    asked = sa.select(sa.func.count(), sa.func.sum(R.pulls), wrong)
    asked = asked.where(*seen.where(R.name))
    by, where = COUNTS.c.codemod, seen.where(COUNTS.c.repository)
    with ledger.engine.connect() as work:

        def added_up() -> Moves:
            return moves(work, by, where, window.settled)

        settled = past.moves(work, seen, window, added_up)
        series = trends(work, by, where, window, settled)
        count, pulls, failed = work.execute(asked).one()
    return Overview(series, count, pulls or 0, failed)


def entries(
    ledger: Ledger, seen: Seen, listing: Listing, window: Window
) -> tuple[list[Entry], Pages]:
    """The repositories of one page of the list."""
    asked = chosen(listing, seen.where(R.name))
    with ledger.engine.connect() as work:
        how_many = work.execute(
            sa.select(sa.func.count()).select_from(asked.order_by(None).subquery())
        ).scalar_one()
        here = pages(listing.page, how_many, SIZE)
        rows = work.execute(asked.limit(SIZE).offset(here.offset)).all()
        names = [row.name for row in rows]
        some = [among(COUNTS.c.repository, names, ledger.engine)]
        by = by_codemod(work, some)
        if listing.codemod:
            some.append(COUNTS.c.codemod == listing.codemod)
        changes = moves(work, COUNTS.c.repository, some, window.all)
    return [
        entry(row, by.get(row.name, {}), changes.get(row.name, NONE), window)
        for row in rows
    ], here


def chosen(listing: Listing, where: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    """A row for each repository that is asked for, in order."""
    fixes: sa.ColumnElement[int] = R.fixes
    left: sa.ColumnElement[int] = R.alone
    holds: list[sa.ColumnElement[bool]] = []
    if listing.codemod:
        c = COUNTS.c
        fixes, left = c.safe + c.unsafe, c.declined
        holds = [c.repository == R.name, c.codemod == listing.codemod]
        holds += [c.until.is_(None), fixes + left > 0]
    if listing.search:
        holds.append(R.name.contains(listing.search.lower(), autoescape=True))
    match listing.show:
        case "pulls":
            holds.append(R.pulls > 0)
        case "failed":
            holds.append(R.outcome.in_(FAILED))
    first = {
        "name": (),
        "fixes": (fixes.desc(),),
        "left": (left.desc(),),
        "pulls": (R.pulls.desc(),),
        "run": (R.ran.desc(),),
    }[listing.sort]
    shown = (R.name, R.shown, R.ran, R.outcome, R.pulls)
    asked = sa.select(*shown, fixes.label("fixes"), left.label("alone"))
    return asked.where(*where, *holds).order_by(*first, R.name)


def by_codemod(
    work: sa.Connection, where: Sequence[sa.ColumnElement[bool]]
) -> dict[str, dict[str, int]]:
    """By repository and codemod how many fixes there are."""
    asked = sa.select(
        COUNTS.c.repository, COUNTS.c.codemod, COUNTS.c.safe + COUNTS.c.unsafe
    ).where(COUNTS.c.until.is_(None), *where)
    found: dict[str, dict[str, int]] = {}
    for name, codemod, fixes in work.execute(asked):
        found.setdefault(name, {})[codemod] = fixes
    return found


def entry(row: Any, by: Mapping[str, int], days: Days, window: Window) -> Entry:
    held = (row.fixes, row.alone)
    series = walked_back(held, days, window) if by else None
    return Entry(
        shown=row.shown,
        fixes=row.fixes,
        left=row.alone,
        pulls=row.pulls,
        ran=row.ran,
        outcome=row.outcome,
        by=by,
        change=series.change if series else 0,
        trend=charts.spark(series.fixes[::STEP]) if series else "",
    )
