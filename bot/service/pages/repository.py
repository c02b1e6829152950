"""One repository: its findings, pull requests and runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.report import STATES
from bot.service.ledger import Ledger
from bot.service.ledger.records import OPEN, clean
from bot.service.ledger.tables import COUNTS, FINDINGS, PULLS, REPOSITORIES, RUNS
from bot.service.pages import diffs
from bot.service.pages.asked import Pages, pages
from bot.service.pages.counts import Series, Window, trends
from bot.service.pages.diffs import Diff
from bot.service.viewers import Viewer

FINDINGS_SHOWN, PULLS_SHOWN, RUNS_SHOWN = 25, 30, 25
MOST_LINES = 60  # of a finding in a list
ALL_LINES = 2_000  # of a finding on a page of its own
LARGEST = 2**31  # ids from here on are none
F, N = FINDINGS.c, RUNS.c
Row = sa.Row[Any]


class NotThere(Exception):
    """There is nothing of this name that whoever asks may see."""


@dataclass(frozen=True, slots=True)
class Site:
    """A finding: `row` has the columns of tables.FINDINGS."""

    row: Row
    diff: Diff


def about(ledger: Ledger, viewer: Viewer, name: str) -> Row:
    """The row of a repository. Raises NotThere."""
    asked = clean(name.lower())
    if not viewer.may_see(asked):
        raise NotThere
    return only(ledger, sa.select(REPOSITORIES).where(REPOSITORIES.c.name == asked))


def only(ledger: Ledger, asked: sa.Select[Any]) -> Row:
    with ledger.engine.connect() as work:
        found = work.execute(asked.limit(1)).first()
    if found is None:
        raise NotThere
    return found


def series_of(ledger: Ledger, name: str, window: Window) -> dict[str, Series]:
    """Each codemod's counts over time."""
    with ledger.engine.connect() as work:
        mine = [COUNTS.c.repository == name]
        return trends(work, COUNTS.c.codemod, mine, window)


def states_of(
    ledger: Ledger, name: str, codemod: str | None = None
) -> dict[str, dict[str, int]]:
    """By codemod and state how many findings there are."""
    asked = (
        sa.select(F.codemod, F.state, sa.func.count())
        .where(F.repository == name)
        .group_by(F.codemod, F.state)
        .order_by(F.codemod)
    )
    if codemod is not None:
        asked = asked.where(F.codemod == clean(codemod))
    found: dict[str, dict[str, int]] = {}
    with ledger.engine.connect() as work:
        for each, state, count in work.execute(asked):
            found.setdefault(each, dict.fromkeys(STATES, 0))[state] = count
    return found


def pulls_of(ledger: Ledger, name: str) -> tuple[Sequence[Row], int]:
    """Those that are open first, then the newest; and how many there are in all."""
    mine = PULLS.c.repository == name
    going = sa.case((PULLS.c.state.in_(OPEN), 0), else_=1)
    asked = sa.select(PULLS).where(mine).order_by(going, PULLS.c.number.desc())
    count = sa.select(sa.func.count()).select_from(PULLS).where(mine)
    with ledger.engine.connect() as work:
        found = work.execute(asked.limit(PULLS_SHOWN)).all()
        return found, work.execute(count).scalar_one()


def runs_of(
    ledger: Ledger, name: str, page: int, size: int = RUNS_SHOWN
) -> tuple[Sequence[Row], Pages]:
    """The newest first, without their logs."""
    columns = [column for column in RUNS.c if column.name != "log"]
    mine = N.repository == name
    count = sa.select(sa.func.count()).select_from(RUNS).where(mine)
    with ledger.engine.connect() as work:
        here = pages(page, work.execute(count).scalar_one(), size)
        asked = sa.select(*columns).where(mine).order_by(N.began.desc(), N.id.desc())
        return work.execute(asked.limit(size).offset(here.offset)).all(), here


def run_of(ledger: Ledger, name: str, number: int) -> Row:
    """Raises NotThere."""
    if number >= LARGEST:
        raise NotThere
    return only(ledger, sa.select(RUNS).where(N.id == number, N.repository == name))


def findings_of(
    ledger: Ledger, name: str, wanted: Mapping[str, str], page: int
) -> tuple[list[Site], Pages]:
    """Findings with the columns `wanted`, by path and line."""
    size = FINDINGS_SHOWN
    where = [F.repository == name, *(F[key] == value for key, value in wanted.items())]
    count = sa.select(sa.func.count()).select_from(FINDINGS).where(*where)
    order = (F.path, F.line, F.id)
    with ledger.engine.connect() as work:
        here = pages(page, work.execute(count).scalar_one(), size)
        asked = sa.select(FINDINGS).where(*where).order_by(*order)
        rows = work.execute(asked.limit(size).offset(here.offset)).all()
    return [site(row, MOST_LINES) for row in rows], here


def finding_of(ledger: Ledger, name: str, codemod: str, key: str) -> Site:
    """Raises NotThere."""
    where = (F.codemod == clean(codemod), F.key == clean(key))
    asked = sa.select(FINDINGS).where(F.repository == name, *where)
    return site(only(ledger, asked), ALL_LINES)


def site(row: Row, most: int) -> Site:
    after = None if row.tier == "declined" else row.after
    return Site(row, diffs.diff(row.before, after, row.line, most))
