"""The sweep among the jobs: a schedule of dbos's asks every few minutes who is due.

Its fire is one workflow however many processes there are, and the sweep's own claim in
the database keeps two that overlap apart. The calendar goes with the schedule, so that
workers know what `serve` was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import structlog
from dbos import DBOS

from bot.access import Installed, access
from bot.service import jobs
from bot.service.database import now, patiently
from bot.service.lanes import LATER
from bot.service.ledger.turns import Turns
from bot.service.nightly.calendar import Calendar, calendar_of
from bot.service.nightly.night import Night
from bot.service.nightly.reach import AppReach
from bot.settings import SettingsError

NAME = "sweep"
QUEUE = "sweeps"
EVERY = "*/5 * * * *"


def keep(calendar: Calendar, api: str) -> None:
    """Sweep by this calendar from now on, in all processes that do jobs."""
    if not calendar.sweeps:
        DBOS.delete_schedule(NAME)
        return
    DBOS.register_queue(QUEUE, worker_concurrency=1)
    context = {"calendar": calendar.as_json, "api": api}
    DBOS.apply_schedules(
        [
            {
                "schedule_name": NAME,
                "workflow_fn": look_around,
                "schedule": EVERY,
                "context": context,
                "queue_name": QUEUE,
            }
        ]
    )


@DBOS.workflow()
def look_around(scheduled: datetime, context: Mapping[str, Any]) -> None:
    take_turns(dict(context))


@DBOS.step()
def take_turns(context: dict[str, Any]) -> dict[str, int]:
    log = structlog.get_logger()
    engine = jobs.database()
    try:
        known = access(context["api"])
    except SettingsError as error:
        log.warning("no sweep", error=str(error))
        return {}
    if not isinstance(known, Installed):
        log.warning("no sweep", error="a token does not say where: be an App")
        return {}
    night = Night(
        calendar_of(context["calendar"]),
        Turns(engine),
        AppReach(known),
        lambda identity, found: jobs.put(identity, found, LATER),
        log.warning,
        context["api"],
    )
    # In a thread of its own, because dbos enqueues nothing from within a step.
    with ThreadPoolExecutor(1) as apart:
        done = apart.submit(night.go_on, lambda: patiently(lambda: now(engine)))
        counts = done.result().counts
    if counts:
        log.info("swept", **{key.replace(" ", "_"): counts[key] for key in counts})
    return counts
