"""Jobs that outlive the process: dbos, in SQLite in one file or in PostgreSQL.

A delivery's id is its workflow's, so that a redelivered one runs once. A job whose
repository was looked at after the delivery came has nothing left to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, WorkflowStatus

from bot.report import Report
from bot.service.attempts import Outcome, attempted, tried
from bot.service.database import engine_for_jobs, now, patiently
from bot.service.deliveries import Forget, Job, Obey, Rename, Visit
from bot.service.inbox import Inbox, numbered
from bot.service.lanes import QUEUE, SOON, enqueueing, lane
from bot.service.ledger import Ledger, Run
from bot.service.starts import Starts
from bot.service.takeover import Beats, Watch, jobs_at_hand
from bot.service.telling import telling

NAME = "codemod-bot"
# What is pending must survive an upgrade: this changes only when a job's shape does.
VERSION = "1"
CONNECTIONS = 8  # of a process, for dbos; PostgreSQL has 100 unless told otherwise
POLL = 0.1  # seconds; a worker takes no more jobs at a time than it has room for


class Look(Protocol):
    """Looks at a repository and does there what is to be done, within a time limit."""

    def __call__(self, repository: str) -> Outcome: ...

    def obey(self, repository: str, pull: int, comment: int) -> Outcome:
        """Do what a comment in a pull request asks for, and no more."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What this process does for jobs. dbos finds workflows by module, so there is one
    for a process."""

    look: Look
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Here:
    """The process's own: its work, and the means to come back from trouble."""

    work: Work
    starts: Starts
    watch: Watch
    inbox: Inbox


_here: list[Here] = []


def launch(database: str, executor: str, work: Work, workers: int) -> None:
    """Start to take jobs, those first that this executor was at when it ended.

    `database` is a URL of SQLAlchemy's; `executor` must be this process's own and the
    same after a restart. With no `workers` jobs are only put.
    """
    engine = work.ledger.engine
    watch = Watch(Beats(engine, executor))
    inbox = Inbox(engine, put_one)
    _here[:] = [Here(work, Starts(engine), watch, inbox)]
    config: DBOSConfig = {
        "name": NAME,
        "system_database_url": database,
        "system_database_engine": engine_for_jobs(database),
        "sys_db_pool_size": CONNECTIONS,
        "application_version": VERSION,
        "executor_id": executor,
        "log_level": "WARNING",
    }
    DBOS(config=config)
    if not workers:
        DBOS.listen_queues([])
    DBOS.launch()
    # The queue's settings are in the database: who works says how many, not who puts.
    DBOS.register_queue(
        QUEUE,
        partition_concurrency=1,
        worker_concurrency=workers or 1,
        polling_interval_sec=POLL,
        on_conflict="always_update" if workers else "never_update",
    )
    watch.start()
    inbox.start()


def database() -> sa.Engine:
    """The database that the jobs of this process are in."""
    (here,) = _here
    return here.work.ledger.engine


def trouble() -> str:
    """Why deliveries cannot be kept; nothing while they can."""
    (here,) = _here
    return here.watch.beats.trouble()


def stop() -> bool:
    """Stop; whether there are jobs at hand, which begin again later."""
    for here in _here:
        here.watch.stop()
        here.inbox.stop()
    busy = bool(jobs_at_hand())
    DBOS.destroy()
    return busy


def keep(delivery: str, jobs: Sequence[Job]) -> Future[None]:
    """Write a delivery down, to be put soon; the future tells when it is written, with
    SQLAlchemyError where it could not be."""
    (here,) = _here
    return here.inbox.keep(delivery, jobs)


def put(delivery: str, jobs: Sequence[Job], priority: int = SOON) -> None:
    """Enqueue a delivery's jobs; again, and nothing more is enqueued."""
    came = now(database())
    for name, job in numbered(delivery, jobs):
        put_one(name, job, came, priority)


def put_one(identity: str, job: Job, came: float, priority: int = SOON) -> None:
    """Enqueue a job of a delivery that came at a moment (s since 1970)."""
    with enqueueing(identity, lane(job.installation, job.repository), priority):
        match job:
            case Visit(name, installation, why):
                DBOS.enqueue_workflow(QUEUE, visit, name, installation, why, came)
            case Obey(name, installation, why, pull, comment):
                given = (name, installation, why, came, pull, comment)
                DBOS.enqueue_workflow(QUEUE, obey, *given)
            case Rename(repository=name, before=before):
                DBOS.enqueue_workflow(QUEUE, forget, before, name, came)
            case Forget(repository=name):
                DBOS.enqueue_workflow(QUEUE, forget, name, "", came)


def put_again(identity: str, job: WorkflowStatus) -> None:
    """Enqueue what a job was to do, as if it had been asked for now."""
    name, *rest = job.input["args"] if job.input else ("",)
    with enqueueing(identity, job.queue_partition_key or lane(0, name), SOON):
        if job.name == visit.__qualname__:
            installation, why, *_ = rest
            came = now(database())
            DBOS.enqueue_workflow(QUEUE, visit, name, installation, why, came)
        elif job.name == obey.__qualname__:
            DBOS.enqueue_workflow(QUEUE, obey, name, *rest)
        else:
            DBOS.enqueue_workflow(QUEUE, forget, name, *rest)


@DBOS.workflow()
def visit(repository: str, installation: int, why: str, came: float) -> str:
    """Look at a repository, unless somebody did since the delivery came."""
    given = (repository, installation, why, came)
    with telling("job", str(DBOS.workflow_id), repository, installation):
        return tried(
            lambda: look_once(*given),
            lambda: DBOS.enqueue_workflow(QUEUE, visit, *given),
            lane(installation, repository),
        )


@DBOS.workflow()
def obey(
    repository: str, installation: int, why: str, came: float, pull: int, comment: int
) -> str:
    """Do what a comment asks for; no look covers it, and it covers none."""
    given = (repository, installation, why, came, pull, comment)
    with telling("job", str(DBOS.workflow_id), repository, installation):
        return tried(
            lambda: obey_once(repository, why, came, pull, comment),
            lambda: DBOS.enqueue_workflow(QUEUE, obey, *given),
            lane(installation, repository),
        )


@DBOS.step()
def look_once(
    repository: str, installation: int, why: str, came: float
) -> tuple[str, str]:
    """How it ended and what went wrong; the report goes into the ledger only."""
    (here,) = _here
    ledger = here.work.ledger
    if patiently(lambda: ledger.begun_after(repository, came)):
        return "covered", ""
    if patiently(lambda: ledger.forgotten_after(repository, came)):
        return "covered", ""
    return attempted(
        ledger,
        here.starts,
        Run(str(DBOS.workflow_id), repository, why, "", "", came, 0.0),
        lambda: here.work.look(repository),
        lambda run, report: kept(ledger, run, report, installation),
    )


@DBOS.step()
def obey_once(
    repository: str, why: str, came: float, pull: int, comment: int
) -> tuple[str, str]:
    (here,) = _here
    ledger = here.work.ledger
    return attempted(
        ledger,
        here.starts,
        Run(str(DBOS.workflow_id), repository, why, "", "", came, 0.0),
        lambda: here.work.look.obey(repository, pull, comment),
        ledger.record,
    )


def kept(ledger: Ledger, run: Run, report: Report | None, installation: int) -> None:
    """Write down a look that has ended, unless a later one did so before.

    Only now are those that wait covered by it: one that was cut off did nothing for
    them. Written twice, and it is the same.
    """
    if ledger.begun_after(run.repository, run.began):
        return
    ledger.record(run, report)
    if run.outcome != "passing":
        ledger.begin(run.repository, run.began, installation)


@DBOS.workflow()
def forget(repository: str, became: str = "", came: float = 0.0) -> None:
    """Know nothing more of a repository, or know it under the name it has now."""
    forgotten(repository, became, came)


@DBOS.step()
def forgotten(repository: str, became: str, came: float) -> None:
    (here,) = _here
    ledger = here.work.ledger
    if became:
        patiently(lambda: ledger.rename(repository, became, came))
    else:
        patiently(lambda: ledger.forget(repository, came))
