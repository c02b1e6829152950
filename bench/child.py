"""One run of a command: what it cost."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

PAUSE = 0.02  # seconds between two looks at memory


@dataclass(frozen=True, slots=True)
class Run:
    """CPU and wall in seconds, of the command and all it started and waited for."""

    cpu: float
    wall: float
    status: int


def measured(
    command: Sequence[str], cwd: Path, variables: Mapping[str, str] | None = None
) -> Run:
    began = time.perf_counter()
    process = started(command, cwd, variables)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(usage.ru_utime + usage.ru_stime, wall, process.returncode)


def started(
    command: Sequence[str], cwd: Path, variables: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def peak_memory(
    command: Sequence[str], cwd: Path, variables: Mapping[str, str] | None = None
) -> int:
    """The most bytes that a command and its children held at once (Linux only).

    Pages that several processes share count once: the sum of proportional set sizes.
    """
    process = started(command, cwd, variables)
    done, most = Event(), [0]

    def watch() -> None:
        while not done.is_set():
            most[0] = max(most[0], sum(map(proportional, tree(process.pid))))
            done.wait(PAUSE)

    watcher = Thread(target=watch)
    watcher.start()
    process.wait()
    done.set()
    watcher.join()
    return most[0]


def tree(pid: int) -> list[int]:
    """A process and those below it."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(each) for t in tasks for each in _children(t)]
    except OSError:
        return []
    return [pid, *(each for child in children for each in tree(child))]


def _children(task: Path) -> list[str]:
    return (task / "children").read_text().split()


def proportional(pid: int) -> int:
    """Bytes of a process, shared pages divided by the number of who shares them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    sizes = (line.split()[1] for line in text.splitlines() if line.startswith("Pss:"))
    return sum(int(size) * 1024 for size in sizes)
