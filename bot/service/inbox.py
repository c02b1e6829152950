"""Deliveries, written down before they are answered and made into jobs afterwards.

A delivery is one row, and those that come together are one transaction. So an answer
takes as long as one commit, whether the delivery asks for one job or for five thousand,
and however many others come with it. Written down once, its jobs are put until they
are: whoever finds it after a crash goes on, and the jobs' ids are made of its own.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from typing import Any, get_args

import sqlalchemy as sa
import structlog

from bot.service.database import make, now, unless_there, why_not
from bot.service.deliveries import Job

INBOX = sa.Table(
    "codemod_inbox",
    sa.MetaData(),
    sa.Column("delivery", sa.String(64), primary_key=True),
    sa.Column("jobs", sa.Text, nullable=False),  # JSON
    sa.Column("came", sa.Float, nullable=False),
    # When its jobs were put. A row stays for a while: the delivery may come again.
    sa.Column("put", sa.Float, index=True),
)
TOGETHER = 200  # deliveries in a transaction
AT_ONCE = 20  # deliveries made into jobs before that is written down
LOOK = 1.0  # seconds between looks for what another process left
QUIET = 0.04  # seconds without a delivery in which jobs are put
PATIENCE = 0.5  # seconds, at most, that a job waits for that
KINDS = {kind.__name__: kind for kind in get_args(Job)}
# Enqueues a job under an id, for a delivery that came at a moment (s since 1970).
Put = Callable[[str, Job, float], None]
Row = dict[str, str]


class Stopping(Exception):
    """The service ends: what was not put is put when it starts again."""


class Inbox:
    """The table, and two threads: one writes deliveries down, one makes them jobs."""

    def __init__(self, engine: sa.Engine, put: Put) -> None:
        self.engine = engine
        self.put = put
        self.came: queue.SimpleQueue[tuple[Row, Future[None]]] = queue.SimpleQueue()
        self.wrote = 0.0  # when, by the monotonic clock
        self.some = threading.Event()
        self.over = threading.Event()
        make(engine, INBOX)

    def start(self) -> None:
        for work in (self.write, self.run):
            threading.Thread(target=work, name="inbox", daemon=True).start()

    def stop(self) -> None:
        self.over.set()
        self.some.set()

    def keep(self, delivery: str, jobs: Sequence[Job]) -> Future[None]:
        """Write a delivery down; the future tells when it is, or why it cannot be."""
        kept: Future[None] = Future()
        self.came.put(({"delivery": delivery, "jobs": written(jobs)}, kept))
        return kept

    def write(self) -> None:
        while True:
            found = [self.came.get()]
            while len(found) < TOGETHER and not self.came.empty():
                found.append(self.came.get())
            try:
                self.insert([row for row, _ in found])
            except Exception as error:  # who waits is to hear of it, whatever it is
                for _, kept in found:
                    kept.set_exception(error)
                continue
            for _, kept in found:
                kept.set_result(None)
            self.wrote = time.monotonic()
            self.some.set()

    def insert(self, rows: Sequence[Row]) -> None:
        came = now(self.engine)
        new = unless_there(self.engine, INBOX)
        with self.engine.begin() as work:
            work.execute(new, [{**row, "came": came} for row in rows])

    def run(self) -> None:
        while not self.over.is_set():
            self.some.clear()
            try:
                while self.move() and not self.over.is_set():
                    pass
            except Stopping:
                return
            except sa.exc.SQLAlchemyError as error:
                structlog.get_logger().warning("jobs not put", why=why_not(error))
                self.over.wait(LOOK)
            self.some.wait(LOOK)

    def give_way(self) -> None:
        """Let a burst of deliveries go first, for a while: both write, and SQLite has
        one writer."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < min(end, self.wrote + QUIET):
            time.sleep(QUIET / 4)

    def move(self) -> int:
        """Make jobs of some deliveries; how many they were. Raises Stopping."""
        waiting = sa.select(INBOX).where(INBOX.c.put.is_(None)).order_by(INBOX.c.came)
        # Rows stay locked until this is written down: another process takes others.
        some = waiting.limit(AT_ONCE).with_for_update(skip_locked=True)
        with self.engine.begin() as work:
            rows = work.execute(some).all()
            for row in rows:
                self.put_all(row.delivery, row.jobs, row.came)
            if rows:
                done = INBOX.c.delivery.in_([row.delivery for row in rows])
                moment = now(self.engine)
                work.execute(sa.update(INBOX).where(done).values(put=moment))
        return len(rows)

    def put_all(self, delivery: str, text: str, came: float) -> None:
        try:
            for name, job in numbered(delivery, read(text)):
                self.give_way()
                self.put(name, job, came)
        except sa.exc.SQLAlchemyError:
            raise
        except Exception as error:  # it would fail again, and keep the others waiting
            if self.over.is_set():  # not its own fault: nothing can be put any more
                raise Stopping from error
            structlog.get_logger().error("not put", delivery=delivery, why=str(error))


def numbered(delivery: str, jobs: Sequence[Job]) -> Iterator[tuple[str, Job]]:
    """The jobs of a delivery, each with its id."""
    for number, job in enumerate(jobs):
        yield (delivery if len(jobs) == 1 else f"{delivery}.{number}"), job


def written(jobs: Sequence[Job]) -> str:
    return json.dumps([[type(job).__name__, asdict(job)] for job in jobs])


def read(text: str) -> list[Job]:
    return [made(name, fields) for name, fields in json.loads(text)]


def made(name: str, fields: dict[str, Any]) -> Job:
    job: Job = KINDS[name](**fields)
    return job
