"""How many pull requests a repository gets, and which repository gets none."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from bot.run import DAY, YEAR
from tests.bot.remote import git
from tests.bot.test_run import NAME, Noon
from tests.bot.world import World

ALL = ("bare-except", "iterrows", "shell-true", "unbounded-query")
SHELL = """\
import subprocess

subprocess.run("ls -l", shell=True, check=True)
"""
EXCEPT = """\
def number(text: str) -> int:
    try:
        return int(text)
    except:
        return 0
"""


@dataclass(frozen=True)
class At:
    """A clock that stands still."""

    seconds: int

    def now(self) -> int:
        return self.seconds


TODAY = At(int(time.time()))


@pytest.fixture
def three(world: World) -> World:
    """Findings of three codemods."""
    world.work.write(app__shell_py=SHELL, app__number_py=EXCEPT)
    world.work.push()
    return world


def configured(world: World, text: str) -> None:
    path = world.work.path / "pyproject.toml"
    path.write_text(f"[tool.codemod-bot]\neven-if-idle = true\n{text}\n")
    world.work.push()


def heads(world: World) -> list[str]:
    found = [pull["head"]["ref"] for pull in world.hub.pulls("open")]
    return sorted(ref.removeprefix("codemod/") for ref in found)


def test_no_more_than_so_many_are_open(three: World) -> None:
    configured(three, "max-open = 2")
    told = three.run(clock=TODAY, only=ALL)
    assert heads(three) == ["bare-except", "iterrows"]
    full = "enough pull requests are open (max-open is 2)"
    assert f"codemod/shell-true: left alone: {full}" in told
    three.quiet(clock=TODAY, only=ALL)
    number = next(p["number"] for p in three.hub.pulls() if p["head"]["ref"] == NAME)
    three.hub.api("PATCH", f"/pulls/{number}", {"state": "closed"})
    three.run(clock=TODAY, only=ALL)
    assert heads(three) == ["bare-except", "shell-true"]


def test_no_more_than_so_many_are_new_within_a_day(three: World) -> None:
    configured(three, "max-new-a-day = 1")
    three.run(clock=TODAY, only=ALL)
    told = three.quiet(clock=TODAY, only=ALL)
    full = "enough were opened within a day (max-new-a-day is 1)"
    assert f"{NAME}: left alone: {full}" in told
    assert heads(three) == ["bare-except"]
    tomorrow = At(int(time.time()) + DAY + 60)
    three.run(clock=tomorrow, only=ALL)
    assert heads(three) == ["bare-except", "iterrows"]


def test_those_of_other_codemods_count_too(three: World) -> None:
    configured(three, "max-open = 1")
    three.run(clock=TODAY, only=("shell-true",))
    assert "enough" in three.quiet(clock=TODAY, only=("iterrows",))[0]
    assert heads(three) == ["shell-true"]


def test_those_of_people_do_not_count(three: World) -> None:
    configured(three, "max-open = 1")
    git(three.work.path, "checkout", "-q", "-b", "hers")
    three.work.push("hers")
    three.hub.follow()
    hers = {"title": "x", "head": "hers", "base": "main"}
    three.hub.api("POST", "/pulls", hers)
    assert "opened" in three.run(clock=TODAY, only=("iterrows",))[0]


def test_none_where_nobody_has_committed_for_a_year(world: World) -> None:
    later = At(Noon().now() + YEAR + 60)
    idle = [f"{NAME}: left alone: nobody has committed for a year"]
    assert world.quiet(clock=later) == idle
    assert list(world.work.tips()) == ["main"]
    assert "opened" in world.run(clock=later, even_if_idle=True)[0]
    world.click("rebuild", on=True)
    assert "anew" in world.settled(clock=later)[0]


def test_even_there_if_its_config_says_so(world: World) -> None:
    configured(world, "")
    assert "opened" in world.run(clock=At(Noon().now() + YEAR + 60))[0]
