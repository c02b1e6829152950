"""How often a job is attempted, and when it is given up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Literal

from dbos import DBOS

from bot.report import Report
from bot.service.database import now, patiently
from bot.service.lanes import AGAIN, LATER, again, enqueueing
from bot.service.ledger import Ledger, Run
from bot.service.starts import Starts
from bot.service.telling import telling

ATTEMPTS = 4
PAUSE = 5.0  # seconds before a second attempt, doubled for each further one
# Seconds after which a job whose attempts all failed is put again, in turn: meanwhile
# others have its place.
PUT_OFF = (300.0, 1_800.0, 7_200.0)
CUTS = 10  # times that a job's process may die while it is at work

_cut_off = threading.Lock()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a look at a repository ended.

    "done"; "passing": what went wrong may be over soon, and it is tried again; "final":
    that stays so. `error` is what went wrong; the report is there if the look came so
    far.
    """

    kind: Literal["done", "passing", "final"]
    error: str = ""
    report: Report | None = None


class Failed(Exception):
    """A job that came to nothing: dbos is to keep it as such."""


def tried(
    once: Callable[[], tuple[str, str]], put: Callable[[], object], lane: str
) -> str:
    """How it ended, after more attempts where that may help; then it is put off, and
    again. Raises Failed."""
    attempt = 0
    while True:
        kind, error = once()
        attempt += 1
        if kind != "passing" or attempt == ATTEMPTS:
            break
        DBOS.sleep(PAUSE * 2**attempt)
    if kind == "passing":
        error += put_off(str(DBOS.workflow_id), put, lane)
    if error:
        raise Failed(error)
    return kind


def put_off(job: str, put: Callable[[], object], lane: str) -> str:
    """Put a job again for later, if not for the last time; what is to be said of it."""
    number = int(job.partition(AGAIN)[2] or 0)
    if number >= len(PUT_OFF):
        return ""
    delay = PUT_OFF[number]
    with enqueueing(again(job), lane, LATER, delay):
        put()
    return f"; tried again in {delay / 60:.0f} minutes"


def attempted(
    ledger: Ledger,
    starts: Starts,
    run: Run,
    do: Callable[[], Outcome],
    keep: Callable[[Run, Report | None], None],
) -> tuple[str, str]:
    """Do it, unless that was what processes died of, and write down how it ended.

    `run.began` is when it was asked for.
    """
    cut = patiently(lambda: starts.cut_off(run.job))
    if cut >= CUTS:
        why_not = f"its process died {cut} times over it"
        over = replace(run, outcome="final", error=why_not)
        patiently(lambda: ledger.record(over, None))
        patiently(lambda: starts.end(run.job))
        return "final", why_not
    # Jobs that were cut off run one at a time: of those that ran when a process died
    # one may be why, and the others are not to be counted with it again.
    with _cut_off if cut else nullcontext():
        patiently(lambda: starts.begin(run.job))
        began = patiently(lambda: now(ledger.engine))
        with telling("run", run.job, run.repository) as tell:
            done = do()
            tell(done.kind, done.error)
        seconds = patiently(lambda: now(ledger.engine)) - began
        ended = replace(
            run, outcome=done.kind, error=done.error, began=began, seconds=seconds
        )
        # Whoever came late must not bring back what was forgotten.
        if not patiently(lambda: ledger.forgotten_after(run.repository, run.began)):
            patiently(lambda: keep(ended, done.report))
        patiently(lambda: starts.end(run.job))
    return done.kind, done.error
