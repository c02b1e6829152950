"""Urgent places left alone, beside the code, where the config asks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.annotations import MOST, moved, urgent, words
from tests.bot.build import change, proposal
from tests.bot.emulated import REPOSITORY, Answer
from tests.bot.test_parts import asks
from tests.bot.world import World

NAME = "codemod/shell-true"
PATH = f"POST /repos/{REPOSITORY}/check-runs"
CODE = """\
import subprocess


def listed() -> str:
    return subprocess.check_output("git ls-files", shell=True, text=True)


def removed(name):
    subprocess.run("rm -rf " + name + "/*", shell=True)
"""


@pytest.mark.parametrize(
    ("before", "after", "line", "there"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", 2, 2),
        ("a\nb\nc\n", "import x\na\nb\nc\n", 3, 4),
        ("a\nb\nc\n", "c\n", 3, 1),
        ("a\nb\nc\n", "a\nB1\nB2\nc\n", 2, 4),
    ],
)
def test_a_line_is_found_on_the_branch(
    before: str, after: str, line: int, there: int
) -> None:
    found = moved(change(line), before.encode(), after.encode())
    assert found == there


def test_only_what_is_urgent() -> None:
    no: dict[str, Any] = {"tier": "declined", "after": None, "reason": "it\x1b escapes"}
    declined = (change(1, **no), change(2, **no, urgent=True))
    (note,) = urgent(proposal(declined=declined), lambda path: (b"", b""))
    assert (note.line, note.message) == (2, "left alone: it\\x1b escapes")
    assert words((note,))[0] == "1 place to look at"
    assert f"The first {MOST}" in words((note,) * 51)[1]


def test_a_check_run_for_the_head(world: World) -> None:
    world.work.write(app__one_py=CODE)
    asks(world.work, "annotate = true")
    run = world.run(only=("shell-true",))
    assert run == [f"{NAME}: pull request 1 opened"]
    head = world.work.tips()[NAME]
    (made,) = checks(world, head)
    assert made["name"] == "codemod shell-true"
    assert made["conclusion"] == "neutral"
    assert made["output"]["title"] == "1 place to look at"
    del world.hub.requests[:]
    assert "up to date" in world.run(only=("shell-true",))[0]
    assert world.hub.writes == []


def checks(world: World, head: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = world.hub.api("GET", f"/commits/{head}/check-runs")
    runs: list[dict[str, Any]] = found["check_runs"]
    return runs


def test_nothing_unless_it_is_asked_for(world: World) -> None:
    world.work.write(app__one_py=CODE)
    world.work.push()
    world.run(only=("shell-true",))
    assert checks(world, world.work.tips()[NAME]) == []


def test_a_token_that_may_not_does_not_stop_the_pull(world: World) -> None:
    world.work.write(app__one_py=CODE)
    asks(world.work, "annotate = true")
    world.hub.faults[PATH] = [Answer(500, {"message": "Resource not accessible"})]
    (told,) = world.run(only=("shell-true",))
    assert told.startswith(f"{NAME}: pull request 1 opened; annotations were refused")
