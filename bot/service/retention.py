"""What is kept, and for how long: a job of the service's own throws away the rest.

Findings, pull requests and counts stay as long as their repository does: there is one
row for each, or one each time that something changed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS

from bot.service.database import now, patiently
from bot.service.inbox import INBOX
from bot.service.jobs import database
from bot.service.ledger.tables import FORGOTTEN, RUNS
from bot.service.starts import STARTS

LONGER = 3  # times as long for what failed: somebody may want to look at it
BATCH = 200  # rows in a transaction
BREATH = 0.05  # seconds between transactions, for others
NAME = "retention"
CRON = "41 */6 * * *"  # more than once a day: a machine may be off at night
WELL = ["SUCCESS"]
BADLY = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


def keep(days: int) -> None:
    """Keep what is finished so many days; one of all processes sees to it in turn."""
    DBOS.apply_schedules(
        [
            {
                "schedule_name": NAME,
                "workflow_fn": tidy,
                "schedule": CRON,
                "context": days,
            }
        ]
    )


@DBOS.workflow()
def tidy(scheduled: datetime, days: Any) -> None:
    gone = thrown_away(int(days))
    structlog.get_logger().info("tidied", rows=gone)


@DBOS.step()
def thrown_away(days: int) -> int:
    engine = database()
    """How many rows went."""
    return patiently(lambda: tidied(engine, days, now(engine)))


def tidied(engine: sa.Engine, days: int, moment: float) -> int:
    """Throw away what ended so many days before a moment (s since 1970); the number of
    rows. Cut off, it goes on where it was the next time."""
    long, longer = moment - days * 86_400, moment - LONGER * days * 86_400
    well = RUNS.c.outcome.in_(["done", "covered"])
    return (
        finished(engine, WELL, long)
        + finished(engine, BADLY, longer)
        + rows(engine, INBOX, INBOX.c.put < longer)
        + rows(engine, FORGOTTEN, FORGOTTEN.c.at < longer)
        + rows(engine, RUNS, (RUNS.c.began < long) & well)
        + rows(engine, RUNS, RUNS.c.began < longer)
    )


def finished(engine: sa.Engine, statuses: Sequence[str], before: float) -> int:
    """Throw away jobs that ended before a moment; how many they were."""
    gone = 0
    day = datetime.fromtimestamp(before, UTC).isoformat()
    while found := DBOS.list_workflows(
        status=list(statuses),
        completed_before=day,
        limit=BATCH,
        load_input=False,
        load_output=False,
    ):
        ids = [each.workflow_id for each in found]
        DBOS.delete_workflows(ids)
        with engine.begin() as work:
            work.execute(sa.delete(STARTS).where(STARTS.c.job.in_(ids)))
        gone += len(ids)
        time.sleep(BREATH)
    return gone


def rows(engine: sa.Engine, table: sa.Table, old: sa.ColumnElement[bool]) -> int:
    """Throw away rows, some in a transaction; how many they were."""
    gone = 0
    (key,) = table.primary_key.columns
    some = sa.select(key).where(old).limit(BATCH)
    while True:
        with engine.begin() as work:
            went = work.execute(sa.delete(table).where(key.in_(some))).rowcount
        gone += went
        if went < BATCH:
            return gone
        time.sleep(BREATH)
