"""Processes: as many as asked for, one result; what dies is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codemods.outcome import Outcome
from codemods.pool import pooled
from codemods.workers import Task, in_order
from tests.command import codemod, environment

FILLER = f"# {'padding' * 3_000}\n"  # so that a few files are worth a pool


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for number in range(40):
        text = "old(1)\n" + FILLER + f"old()\nold({number}, 2)\n"
        (tmp_path / f"m{number:02}.py").write_text(text)
    return tmp_path


def task(path: str, size: int = 1) -> Task:
    return Task(path, size, False, (), False, {}, None)


def slow_first(task: Task) -> Outcome:
    time.sleep(0.2 if task.path == "0" else 0)
    return Outcome(task.path, note=str(os.getpid()))


def nothing() -> None:
    pass


def test_results_come_in_the_order_of_the_tasks() -> None:
    items = [task("0"), None, task("1"), Outcome("known"), task("2"), None]
    made = list(pooled(iter(items), slow_first, 2, nothing))
    assert [each and each.path for each in made] == ["0", None, "1", "known", "2", None]
    pids = {each.note for each in made if each and each.note}
    assert str(os.getpid()) not in pids
    assert len(pids) == 2


def test_little_work_is_done_here() -> None:
    made = list(in_order(iter([task("1"), None]), slow_first, 2, nothing))
    assert made == [Outcome("1", note=str(os.getpid())), None]


def test_much_work_is_shared_unless_one_process_is_asked_for() -> None:
    items = [task("1", 300_000), task("2", 300_000)]
    shared = list(in_order(iter(items), slow_first, 2, nothing))
    alone = list(in_order(iter(items), slow_first, 1, nothing))
    assert str(os.getpid()) not in {each.note for each in shared if each}
    assert {each.note for each in alone if each} == {str(os.getpid())}


def deadly(task: Task) -> Outcome:
    if task.path.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if task.path.startswith("exit"):
        os._exit(7)
    return Outcome(task.path)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_a_worker_that_dies_is_named_and_the_others_go_on(jobs: int) -> None:
    names = ["a", "die1", "b", "c", "exit", "die2", "d", "e", "f"]
    made = list(pooled(iter(map(task, names)), deadly, jobs, nothing))
    assert [each and each.path for each in made] == names
    failures = {
        failure.path: failure.message
        for each in made
        if each is not None
        for failure in each.failures
    }
    assert failures == {
        "die1": "the worker process died of it (SIGKILL)",
        "exit": "the worker process died of it (exit code 7)",
        "die2": "the worker process died of it (SIGKILL)",
    }


def test_closing_ends_the_workers() -> None:
    stream = pooled(iter(map(task, "0123456789")), slow_first, 2, nothing)
    first = next(stream)
    assert first is not None
    assert first.note is not None
    stream.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.note), 0)


def test_the_number_of_processes_changes_nothing(project: Path) -> None:
    arguments = (
        "run",
        "old-call",
        "--dry-run",
        "--no-cache",
        "--output-format",
        "json",
    )
    one = codemod(*arguments, "--jobs", "1", cwd=project)
    three = codemod(*arguments, "--jobs", "3", cwd=project)
    assert one.stdout == three.stdout
    assert len(one.json["findings"]) == 120


def test_a_file_that_kills_its_worker_is_reported(project: Path) -> None:
    (project / "m05.py").write_text(f"{FILLER}kill_the_worker\n")
    done = codemod("run", "old-call,deadly", "--jobs", "2", cwd=project)
    assert done.code == 3
    assert "error: m05.py: the worker process died of it (SIGKILL)\n" in done.out
    assert "Fixed 39 places in 39 files (40 files, " in done.out


def test_an_interrupt_ends_the_workers_too(project: Path) -> None:
    command = [sys.executable, "-m", "codemods", "run", "old-call", "--no-cache"]
    process = subprocess.Popen(
        [*command, "--jobs", "2", "--unsafe-fixes"],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while (project / "m00.py").read_text().startswith("old(1)"):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    process.communicate(timeout=20)
    assert process.returncode in (0, 130)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert list(project.glob(".codemod-*")) == []
    assert {path.read_text().count("\n") for path in project.glob("m*.py")} == {4}
