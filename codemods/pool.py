"""The pool of worker processes."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait

from codemods.outcome import Outcome, failed
from codemods.workers import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from multiprocessing.context import ForkContext, SpawnContext
    from multiprocessing.process import BaseProcess
    from typing import Any, TypeVar

    R = TypeVar("R")
    Work = Callable[[Task], Any]

AT_HAND = 2  # tasks given to a worker at a time, so that it need not wait for the next
Numbered = tuple[int, Task]


@dataclass(slots=True)
class Worker:
    """A process, the pipe to it, and what it was given and has not answered."""

    process: BaseProcess
    connection: Connection
    tasks: deque[Numbered] = field(default_factory=deque)

    def give(self, numbered: Numbered) -> None:
        self.tasks.append(numbered)
        with suppress(OSError):  # dead: found out when its answer is waited for
            self.connection.send(numbered[1])


def pooled(
    items: Iterable[Task | R | None],
    work: Callable[[Task], R],
    jobs: int,
    prepare: Callable[[], None],
) -> Generator[R | Outcome | None]:
    """`in_order`, by `jobs` processes. Closing the iterator ends them."""
    pool = Pool(work, jobs, prepare)
    done: dict[int, R | Outcome | None] = {}
    upcoming = 0
    try:
        for number, item in enumerate(items):
            if isinstance(item, Task):
                while not pool.has_room():
                    done.update(pool.collected())
                pool.give((number, item))
            else:
                done[number] = item
            while upcoming in done:
                yield done.pop(upcoming)
                upcoming += 1
        while pool.is_busy():
            done.update(pool.collected())
            while upcoming in done:
                yield done.pop(upcoming)
                upcoming += 1
    finally:
        pool.stop()


class Pool:
    """Workers, started as they are needed and again where one dies."""

    def __init__(self, work: Work, jobs: int, prepare: Callable[[], None]) -> None:
        forks = sys.platform == "linux"
        self.context: ForkContext | SpawnContext = (
            multiprocessing.get_context("fork")
            if forks
            else multiprocessing.get_context("spawn")
        )
        self.work = work
        self.jobs = jobs
        self.workers: list[Worker] = []
        if forks:
            prepare()
            gc.freeze()  # or the first collection in a child copies every page

    def has_room(self) -> bool:
        return len(self.workers) < self.jobs or any(
            len(worker.tasks) < AT_HAND for worker in self.workers
        )

    def is_busy(self) -> bool:
        return any(worker.tasks for worker in self.workers)

    def give(self, numbered: Numbered) -> None:
        self.workers = [w for w in self.workers if w.tasks or w.process.is_alive()]
        if len(self.workers) < self.jobs:
            self.workers.append(self.started())
        min(self.workers, key=lambda worker: len(worker.tasks)).give(numbered)

    def started(self) -> Worker:
        ours, theirs = self.context.Pipe()
        inherited = [ours, *(worker.connection for worker in self.workers)]
        if self.context.get_start_method() != "fork":
            inherited = []
        process = self.context.Process(
            target=serve, args=(theirs, inherited, self.work), daemon=True
        )
        process.start()
        theirs.close()
        return Worker(process, ours)

    def collected(self) -> dict[int, Any]:
        """Wait for answers, and for deaths, of which the task at hand is the cause."""
        answers: dict[int, Any] = {}
        ready = wait([worker.connection for worker in self.workers if worker.tasks])
        for worker in list(self.workers):
            if worker.connection not in ready:
                continue
            try:
                outcome = worker.connection.recv()
            except (EOFError, OSError):
                answers.update(self.buried(worker))
            else:
                answers[worker.tasks.popleft()[0]] = outcome
        return answers

    def buried(self, worker: Worker) -> dict[int, Outcome]:
        self.workers.remove(worker)
        worker.process.join()
        worker.connection.close()
        number, task = worker.tasks.popleft()
        for left in worker.tasks:
            self.give(left)
        cause = death(worker.process.exitcode)
        return {number: failed(task.path, f"the worker process died of it ({cause})")}

    def stop(self) -> None:
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join()
            worker.connection.close()


def death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return signal.Signals(-exitcode).name
    return f"exit code {exitcode}"


def serve(connection: Connection, inherited: list[Connection], work: Work) -> None:
    """A worker's life. An interrupt is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in inherited:
        other.close()
    try:
        while True:
            connection.send(work(connection.recv()))
    except (EOFError, OSError):
        return  # the parent is gone
