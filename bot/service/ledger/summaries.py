"""The summary of the service's last night, from its tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from bot.ports import Trouble
from bot.service.ledger.tables import COUNTS, FINDINGS, REPOSITORIES, RUNS, TURNS
from bot.summary import NIGHTS, WORST, Category, Summary, category, told, worst_of
from bot.sweep import Row

DAY = 86_400.0
WORKED_ON, UNCHANGED = "queued", "nothing new"
FOUND = COUNTS.c.safe + COUNTS.c.unsafe + COUNTS.c.declined


def last_night(engine: sa.Engine) -> Summary:
    """Of the turns of the last day before the last of all. Raises Trouble."""
    with engine.connect() as work:
        latest = work.execute(sa.select(sa.func.max(TURNS.c.night))).scalar()
        if latest is None:
            raise Trouble("no sweep has left anything in this database")
        lately = TURNS.c.night > latest - DAY
        asked = sa.select(TURNS.c.outcome, sa.func.count(), sa.func.min(TURNS.c.night))
        turns = work.execute(asked.where(lately).group_by(TURNS.c.outcome)).all()
        outcomes = {outcome: count for outcome, count, _ in turns}
        began = min(first for _, _, first in turns)
        return Summary(
            began=began,
            repositories=sum(outcomes.values()),
            worked_on=outcomes.get(WORKED_ON, 0),
            unchanged=outcomes.get(UNCHANGED, 0),
            categories=tuple(categories(work, began)),
            worst=worst_of(worst(work)),
            rows=tuple(filter(told, rows(work, began))),
            trend=tuple(trend(work, began)),
        )


def categories(work: sa.Connection, began: float) -> Iterator[Category]:
    c = FINDINGS.c
    states: dict[str, Counter[str]] = defaultdict(Counter)
    asked = sa.select(c.codemod, c.state, sa.func.count()).group_by(c.codemod, c.state)
    for codemod, state, count in work.execute(asked):
        states[codemod][state] = count
    changes = changed(work, began)
    for codemod in sorted({*states, *changes}):
        yield category(codemod, states[codemod], changes[codemod])


def changed(work: sa.Connection, began: float) -> dict[str, list[tuple[int, int]]]:
    """By codemod how many a repository had before and has now, where that differs."""
    before, now = COUNTS.alias("before"), COUNTS.alias("now")
    then = [now.c.safe + now.c.unsafe + now.c.declined]
    old = before.c.safe + before.c.unsafe + before.c.declined
    same = (before.c.repository == now.c.repository, before.c.codemod == now.c.codemod)
    held = (before.c.at < began, before.c.until >= began)
    pairs = now.outerjoin(before, sa.and_(*same, *held))
    # Who came new into the ledger brought what was there all along.
    asked = (
        sa.select(now.c.codemod, sa.func.coalesce(old, 0), *then)
        .select_from(pairs)
        .where(now.c.until.is_(None), now.c.at >= began)
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for codemod, was, is_now in work.execute(asked):
        found[codemod].append((was, is_now))
    return found


def worst(work: sa.Connection) -> dict[tuple[str, str], dict[str, int]]:
    c, r = FINDINGS.c, REPOSITORIES.c
    most = sa.func.count().label("most")
    files = (
        sa.select(c.repository, c.path, most)
        .group_by(c.repository, c.path)
        .order_by(most.desc(), c.repository, c.path)
        .limit(WORST)
        .subquery()
    )
    same = sa.and_(files.c.repository == c.repository, files.c.path == c.path)
    asked = (
        sa.select(
            sa.func.coalesce(r.shown, c.repository), c.path, c.codemod, sa.func.count()
        )
        .select_from(
            FINDINGS.join(files, same).outerjoin(REPOSITORIES, r.name == c.repository)
        )
        .group_by(r.shown, c.repository, c.path, c.codemod)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for shown, path, codemod, count in work.execute(asked):
        found.setdefault((shown, path), {})[codemod] = count
    return found


def rows(work: sa.Connection, began: float) -> Iterator[Row]:
    """What the night's jobs did, the last of each repository's."""
    c, t = RUNS.c, TURNS.c
    asked = (
        sa.select(REPOSITORIES.c.shown, c.opened, c.updated, c.closed, c.error)
        .select_from(
            RUNS.join(TURNS, c.job == t.job).join(
                REPOSITORIES, REPOSITORIES.c.name == c.repository
            )
        )
        .where(t.night >= began)
        .order_by(REPOSITORIES.c.shown)
    )
    for shown, opened, updated, closed, error in work.execute(asked):
        yield Row(shown, opened, updated, closed, error=error)


def trend(work: sa.Connection, began: float) -> Iterator[tuple[float, int]]:
    """How many findings there were before each of the last nights, and are now."""
    c = COUNTS.c
    first = work.execute(sa.select(sa.func.min(c.at))).scalar()
    moments = [began - DAY * back for back in range(NIGHTS - 2, -1, -1)]
    for moment in moments:
        if first is not None and moment > first:
            held = (c.at < moment, (c.until.is_(None)) | (c.until >= moment))
            yield moment - DAY, total(work, *held)
    yield began, total(work, c.until.is_(None))


def total(work: sa.Connection, *held: sa.ColumnElement[bool]) -> int:
    return int(work.execute(sa.select(sa.func.sum(FOUND)).where(*held)).scalar() or 0)
