"""Heartbeats, and what becomes of the jobs of a process that has none any more.

Every process changes its row every few seconds and reads the rows of the others. One
whose row stays the same through several rounds of ours is silent, and its jobs go back
into the queue. Rounds count, not clocks: who was stopped or cut off itself, or finds
the database back after an hour, begins to count anew, and clocks may differ.

Two that notice at once do no harm: dbos gives a job back only as long as it is that of
the silent process, and hands it out once. Nor does a process that was only stopped and
comes back: dbos takes no result from a job's former owner, and a look that was made
twice leaves what one leaves.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
import structlog
from dbos import DBOS, WorkflowStatus
from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import SQLAlchemyError

from bot.service.database import make, why_not

INTERVAL = 10.0  # seconds between beats
SILENT = 6  # rounds without a beat
PROCESSES = sa.Table(
    "codemod_processes",
    sa.MetaData(),
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("beat", sa.String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a process said last, and through how many rounds it has said no more."""

    beat: str
    rounds: int = 0


def listened(
    before: Mapping[str, Heard], beats: Mapping[str, str]
) -> Mapping[str, Heard]:
    """What is known of each process after one more round."""
    heard = {}
    for name, beat in beats.items():
        last = before.get(name)
        same = last is not None and last.beat == beat
        heard[name] = Heard(beat, last.rounds + 1 if last and same else 0)
    return heard


class Beats:
    """This process's heartbeat, and the others'; methods raise SQLAlchemyError."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self.run = uuid4().hex[:12]
        self.count = 0
        make(engine, PROCESSES)

    def beat(self) -> None:
        self.count += 1
        mine = PROCESSES.c.name == self.name
        beat = f"{self.run}.{self.count}"
        with self.engine.begin() as work:
            written = work.execute(sa.update(PROCESSES).where(mine).values(beat=beat))
            if not written.rowcount:
                row = {"name": self.name, "beat": beat}
                work.execute(sa.insert(PROCESSES).values(row))

    def trouble(self) -> str:
        """Why nothing can be written into the database; nothing while it can."""
        try:
            self.beat()
        except SQLAlchemyError as error:
            return why_not(error)
        return ""

    def read(self) -> dict[str, str]:
        with self.engine.connect() as work:
            rows = work.execute(sa.select(PROCESSES.c.name, PROCESSES.c.beat))
            return {row.name: row.beat for row in rows}

    def remove(self, name: str, beat: str) -> None:
        """Take away a row, unless its process spoke since."""
        same = (PROCESSES.c.name == name) & (PROCESSES.c.beat == beat)
        with self.engine.begin() as work:
            work.execute(sa.delete(PROCESSES).where(same))


class Watch:
    """Beats and listens, in a thread of its own."""

    def __init__(self, beats: Beats) -> None:
        self.beats = beats
        self.over = threading.Event()
        self.heard: Mapping[str, Heard] = {}
        self.stranded: Mapping[str, Heard] = {}

    def start(self) -> None:
        threading.Thread(target=self.run, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        self.over.set()

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.round()
            except Exception as error:  # without beats others take over what lives
                # Nobody can be heard: silence does not count.
                self.heard, self.stranded = {}, {}
                structlog.get_logger().warning("no heartbeat", why=why_not(error))
            self.over.wait(INTERVAL)

    def round(self) -> None:
        rows = self.beats.read()
        self.look_at_own(rows.pop(self.beats.name, ""))
        self.beats.beat()
        running = DBOS.list_workflows(
            status="PENDING", load_input=False, load_output=False
        )
        others = {each.executor_id or "" for each in running} - {self.beats.name}
        self.heard = listened(self.heard, {**dict.fromkeys(others, ""), **rows})
        for name, heard in self.heard.items():
            if heard.rounds >= SILENT:
                take_over(name)
                self.beats.remove(name, heard.beat)
        self.put_back(running)

    def look_at_own(self, row: str) -> None:
        """Tell of what a person should know: a name that two processes have."""
        if row and self.beats.count and not row.startswith(self.beats.run):
            structlog.get_logger().error(
                "another process has this name", name=self.beats.name
            )

    def put_back(self, running: Sequence[WorkflowStatus]) -> None:
        """Put back jobs that are this process's by the database and that it is not at:
        handed out, and lost before they began."""
        mine = [each for each in running if each.executor_id == self.beats.name]
        at_hand = jobs_at_hand()
        idle = [each for each in mine if each.workflow_id not in at_hand]
        beats = dict.fromkeys((each.workflow_id for each in idle), "")
        self.stranded = listened(self.stranded, beats)
        for each in idle:
            if self.stranded[each.workflow_id].rounds >= SILENT:
                DBOS.resume_workflow(each.workflow_id, queue_name=each.queue_name)
                structlog.get_logger().warning("put back", job=each.workflow_id)


def jobs_at_hand() -> frozenset[str]:
    """The jobs that this process is at; dbos 3.4 has no public way to ask for them."""
    return frozenset(_get_dbos_instance()._active_workflows_set.activeList())


def take_over(name: str) -> None:
    """Put a silent process's jobs back into the queue."""
    # dbos 3.4 has no public way: its own service for this calls the same. It gives a
    # job back only as long as it is that process's.
    given = DBOS._recover_pending_workflows([name])
    structlog.get_logger().warning("taken over", process=name, jobs=len(given))
