"""Work shared out to processes, its results in the order in which it came.

A pool of our own: the task that a worker died of is known, nothing runs in threads
(so that forking is safe), and nothing is imported or started before it pays.
"""

from __future__ import annotations

import os
from itertools import chain
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from codemods.config import Options
    from codemods.outcome import Outcome

    R = TypeVar("R")  # what the work makes of a task

# Bytes of candidates from which two processes are done sooner than one.
WORTH_A_POOL = 400_000
PATIENCE = 120.0  # seconds for one file, after which a codemod is taken to hang
NO_WISHES: Mapping[str, bool] = {}


class Task(NamedTuple):
    """A file that a codemod's byte test let through: what to do with it.

    `size` is in bytes; `follow` lets a symbolic link be read; `asked` says of single
    fixes, by fingerprint, whether to apply them; `details` is as in Settings. A codemod
    that takes longer than `seconds` is given up.
    """

    path: str
    size: int
    follow: bool
    names: tuple[str, ...]
    unsafe: bool
    options: Options
    lines: frozenset[int] | None
    asked: Mapping[str, bool] = NO_WISHES
    details: bool = False
    seconds: float = PATIENCE


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    items: Iterator[Task | R | None],
    work: Callable[[Task], R],
    jobs: int,
    prepare: Callable[[], None],
) -> Iterator[R | Outcome | None]:
    """What `work` makes of every task among the items; other items pass as they are.

    A task that a process died of becomes an outcome that says so. More than one process
    works only where there is enough to do. `prepare` imports what the work needs, once
    before processes are forked.
    """
    first: list[Task | R | None] = []
    size = 0
    for item in items if jobs > 1 else ():
        first.append(item)
        if isinstance(item, Task):
            size += item.size
            if size >= WORTH_A_POOL:
                from codemods.pool import pooled

                yield from pooled(chain(first, items), work, jobs, prepare)
                return
    for item in chain(first, items):
        yield work(item) if isinstance(item, Task) else item
