"""Jobs that outlive the process: dbos, in SQLite in one file or in PostgreSQL.

A delivery's id is its workflow's, so that a redelivered one runs once. A repository is
a partition of the queue: at most one job for it runs at a time. A job whose repository
was looked at after the delivery came has nothing left to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID

from bot.report import Report
from bot.service.deliveries import Forget, Job, Visit
from bot.service.ledger import Ledger, Run

NAME = "codemod-bot"
QUEUE = "repositories"
# What is pending must survive an upgrade: this changes only when a job's shape does.
VERSION = "1"
ATTEMPTS = 4
PAUSE = 5.0  # seconds before a second attempt, doubled for each further one


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


# Looks at a repository and does there what is to be done, within a time limit.
Look = Callable[[str], Outcome]


@dataclass(frozen=True, slots=True)
class Work:
    """What this process does for jobs. dbos finds workflows by module, so there is one
    for a process."""

    look: Look
    ledger: Ledger


_here: list[Work] = []


def launch(database: str, executor: str, work: Work, workers: int) -> None:
    """Start to take jobs, those first that this executor was at when it ended.

    `database` is a URL of SQLAlchemy's; `executor` must be this process's own and the
    same after a restart. With no `workers` jobs are only put.
    """
    _here[:] = [work]
    config: DBOSConfig = {
        "name": NAME,
        "system_database_url": database,
        "application_version": VERSION,
        "executor_id": executor,
        "log_level": "WARNING",
    }
    DBOS(config=config)
    if not workers:
        DBOS.listen_queues([])
    DBOS.launch()
    DBOS.register_queue(
        QUEUE, partition_concurrency=1, worker_concurrency=workers or None
    )


def stop(seconds: int = 0) -> None:
    """Stop; jobs at hand get some seconds to end and are gone on with later."""
    DBOS.destroy(workflow_completion_timeout_sec=seconds)


def put(delivery: str, jobs: Sequence[Job]) -> None:
    """Enqueue a delivery's jobs; again, and nothing more is enqueued."""
    came = time.time()
    for number, job in enumerate(jobs):
        identity = delivery if len(jobs) == 1 else f"{delivery}.{number}"
        options = SetEnqueueOptions(queue_partition_key=job.repository.lower())
        with SetWorkflowID(identity), options:
            match job:
                case Visit(name, installation, why):
                    DBOS.enqueue_workflow(QUEUE, visit, name, installation, why, came)
                case Forget(repository=name):
                    DBOS.enqueue_workflow(QUEUE, forget, name)


@DBOS.workflow()
def visit(repository: str, installation: int, why: str, came: float) -> str:
    """Look at a repository, unless somebody did since the delivery came."""
    attempt = 0
    while True:
        kind, error = look_once(repository, installation, why, came)
        attempt += 1
        if kind != "passing" or attempt == ATTEMPTS:
            break
        DBOS.sleep(PAUSE * 2**attempt)
    if error:
        raise Failed(error)
    return kind


@DBOS.step()
def look_once(
    repository: str, installation: int, why: str, came: float
) -> tuple[str, str]:
    """How it ended and what went wrong; the report goes into the ledger only."""
    (work,) = _here
    if work.ledger.begun_after(repository, came):
        return "covered", ""
    began = time.time()
    work.ledger.begin(repository, began, installation)
    done = work.look(repository)
    if done.kind == "passing":
        work.ledger.begin(repository, 0.0)  # it has not been looked at after all
    job = str(DBOS.workflow_id)
    seconds = time.time() - began
    run = Run(job, repository, why, done.kind, done.error, began, seconds)
    work.ledger.record(run, done.report)
    return done.kind, done.error


@DBOS.workflow()
def forget(repository: str) -> None:
    forgotten(repository)


@DBOS.step()
def forgotten(repository: str) -> None:
    (work,) = _here
    work.ledger.forget(repository)


def pending() -> int:
    """How many jobs wait or are at work."""
    listed = DBOS.list_queued_workflows(load_input=False)
    return len(listed)


def statuses(limit: int = 100) -> list[Any]:
    """The newest jobs as dbos has them."""
    return list(DBOS.list_workflows(limit=limit, sort_desc=True, load_input=False))
