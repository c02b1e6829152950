"""Real processes on the GitHub stand-in: two at once, and one that is killed."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Trouble
from tests.bot.remote import git
from tests.bot.test_checks import check
from tests.bot.test_config_issue import RIGHT, WRONG, configured
from tests.bot.test_run import NAME, ONE
from tests.bot.world import RUN, World

Started = Callable[[], AbstractContextManager[World]]


def meet(world: World, asked: str) -> None:
    """Both processes ask this before either is answered."""
    barrier = threading.Barrier(2)

    def one() -> None:
        world.hub.before[asked] = lambda: barrier.wait(30)
        barrier.wait(30)

    world.hub.before[asked] = one


@pytest.mark.parametrize("caches", [("one", "two"), ("one", "one")])
def test_two_at_once_open_one_pull(world: World, caches: tuple[str, str]) -> None:
    if caches[0] != caches[1]:  # else the second waits for the first
        meet(world, "GET /pulls")
    told = finished(world, *caches)
    assert sum("opened" in line or "left for the next" in line for line in told) > 0
    (pull,) = world.hub.pulls()
    assert pull["head"]["sha"] == world.work.tips()[NAME]
    assert "up to date" in world.quiet()[0]


def test_two_at_once_rebuild_one_branch(world: World) -> None:
    world.run()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    meet(world, "GET /pulls")
    finished(world, "one", "two")
    assert "up to date" in world.settled()[0]
    (pull,) = world.hub.pulls()
    assert pull["head"]["sha"] == world.work.tips()[NAME]


def finished(world: World, *caches: str) -> list[str]:
    """What the processes say that run now, each with its cache."""
    processes = [world.process(cache) for cache in caches]
    outs = [process.communicate(timeout=60) for process in processes]
    assert [
        (p.returncode, err) for p, (_, err) in zip(processes, outs, strict=True)
    ] == [(0, "")] * len(processes)
    return [line for out, _ in outs for line in out.splitlines()]


# -- kill -9 after each write of each kind of step


def grow(world: World) -> None:
    world.run()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()


def shrink(world: World) -> None:
    world.run()
    world.work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    world.work.push()


def take_over(world: World) -> None:
    world.run()
    git(world.work.path, "fetch", "-q", "origin", NAME)
    git(world.work.path, "checkout", "-q", "FETCH_HEAD")
    world.work.write(plain_py="mine = 1\n")
    world.work.push(NAME)


def give_back(world: World) -> None:
    take_over(world)
    world.run()
    world.click("rebuild", on=True)


def succeed(world: World) -> None:
    check(world, "main", "success")
    world.run()
    check(world, NAME, "success")


def mistake(world: World) -> None:
    configured(world, WRONG)


def mend(world: World) -> None:
    world.run()
    configured(world, WRONG)
    with pytest.raises(Trouble):
        world.run()
    configured(world, RIGHT)


def nothing(world: World) -> None:
    """The pull is about to be opened."""


WRITES = [
    (nothing, "push", "before"),
    (nothing, "push", "after"),
    (nothing, "POST /pulls", "after"),
    (grow, "push", "after"),
    (grow, "PATCH /pulls/1", "after"),
    (shrink, "PATCH /pulls/1", "after"),
    (shrink, "push", "after"),
    (take_over, "POST /comments", "after"),
    (give_back, "push", "after"),
    (give_back, "PATCH /pulls/1", "after"),
    (give_back, "DELETE", "after"),
    (succeed, "POST /graphql", "after"),
    (succeed, "PATCH /pulls/1", "after"),
    (mistake, "POST /issues", "after"),
    (mend, "PATCH /issues/2", "after"),
]
UNDISTURBED: dict[str, object] = {}


@pytest.mark.parametrize(("prepare", "write", "when"), WRITES)
def test_killed_the_next_run_ends_the_same(
    world: World,
    started: Started,
    prepare: Callable[[World], None],
    write: str,
    when: str,
) -> None:
    if prepare.__name__ not in UNDISTURBED:
        with started() as other:
            prepare(other)
            run(other)
            UNDISTURBED[prepare.__name__] = state(other)
    prepare(world)
    run_and_die(world, write, when)
    run(world)
    assert state(world) == UNDISTURBED[prepare.__name__]
    del world.hub.requests[:]
    run(world)
    assert world.hub.writes == []


def run(world: World) -> None:
    """Errors in the config are no surprise here."""
    with suppress(Trouble):
        world.run()


def run_and_die(
    world: World, write: str, when: str, command: Sequence[str] = RUN
) -> None:
    pid = world.work.path.parent / "pid"
    if write == "push":
        kill_in(world.work.bare / "hooks", pid, when)
        process = world.process(command=command)
        pid.write_text(str(process.pid))
    else:
        gate = threading.Event()
        started: list[subprocess.Popen[str]] = []

        def kill() -> None:
            gate.wait(30)
            started[0].kill()

        world.hub.after[write] = kill
        process = world.process(command=command)
        started.append(process)
        gate.set()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, "it should not have come so far"


def kill_in(hooks: Path, pid: Path, when: str) -> None:
    """A hook of the remote that kills the process once; `before` nothing is written."""
    name = "pre-receive" if when == "before" else "post-receive"
    hook = hooks / name
    lines = ["#!/bin/sh", "rm $0", f"kill -9 $(cat {pid})"]
    hook.write_text("\n".join([*lines, "exit 1" if when == "before" else "", ""]))
    hook.chmod(0o755)


def state(world: World) -> object:
    """All that people see."""
    world.hub.follow()
    issues = world.hub.forward(
        "GET", "/repos/codemod/app/issues", "state=all&per_page=100", b""
    ).body
    return (
        world.work.tips(),
        [seen(world, pull) for pull in world.hub.pulls()],
        [(issue["number"], issue["state"], issue["body"]) for issue in issues],
    )


def seen(world: World, pull: dict[str, Any]) -> tuple[object, ...]:
    comments = world.hub.api("GET", f"/issues/{pull['number']}/comments")
    words = [comment["body"] for comment in comments]
    fields = ("number", "state", "draft", "title", "body")
    return (*map(pull.get, fields), pull["head"]["ref"], pull["base"]["ref"], words)
