"""A mistake in the target's config, on the GitHub stand-in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.notice import LABEL
from bot.ports import Trouble
from tests.bot.test_run import NAME
from tests.bot.world import World

WRONG = "[tool.codemod-bot]\nselct = []\n"
RIGHT = "[tool.codemod-bot]\nmax-files = 9\n"


def configured(world: World, text: str) -> None:
    (world.work.path / "pyproject.toml").write_text(text)
    world.work.push()


def issues(world: World) -> list[dict[str, Any]]:
    query = f"state=all&labels={LABEL}"
    found = world.hub.forward("GET", "/repos/codemod/app/issues", query, b"").body
    assert isinstance(found, list)
    return found


def refused(world: World, words: str) -> list[str]:
    """What is written by a run that ends with these words."""
    del world.hub.requests[:]
    with pytest.raises(Trouble, match=words):
        world.run()
    return world.hub.writes


def test_one_issue_that_names_the_key_and_closes_by_itself(world: World) -> None:
    configured(world, WRONG)
    assert len(refused(world, r"'selct'.* \(issue 1 tells of it\)")) == 1
    assert world.hub.pulls() == []
    (issue,) = issues(world)
    assert "has no key 'selct'; did you mean 'select'?" in issue["body"]
    assert refused(world, "issue 1 tells of it") == []
    configured(world, RIGHT)
    assert world.run() == [
        f"{NAME}: pull request 2 opened",
        "the configuration: mended; issue 1 closed",
    ]
    (issue,) = issues(world)
    assert issue["state"] == "closed"
    assert issue["body"].startswith("> **Mended.**")
    del world.hub.requests[:]
    assert world.run() == [f"{NAME}: left alone: up to date"]
    assert world.hub.writes == []


def test_another_mistake_is_told_in_the_same_issue(world: World) -> None:
    configured(world, WRONG)
    refused(world, "selct")
    configured(world, "[tool.codemod]\nselct = []\n")
    assert len(refused(world, r"pyproject.toml: \[tool.codemod\].*selct.*issue 1")) == 1
    (issue,) = issues(world)
    assert "`pyproject.toml: [tool.codemod] " in issue["body"]


def test_open_pulls_are_left_as_they_are(world: World) -> None:
    world.run()
    before = world.pull()
    configured(world, WRONG)
    refused(world, "selct")
    assert world.pull()["updated_at"] == before["updated_at"]
    assert world.pull()["head"]["sha"] == before["head"]["sha"]


def test_closed_by_a_person_it_stays_closed(world: World) -> None:
    configured(world, WRONG)
    refused(world, "selct")
    world.hub.api("PATCH", "/issues/1", {"state": "closed"})
    assert refused(world, "issue 1 was closed by hand") == []


def test_issues_are_switched_off(world: World) -> None:
    configured(world, WRONG)
    world.hub.follow()
    world.hub.api("PATCH", "", {"has_issues": False})
    assert refused(world, r"'selct'.*issues are switched off") == []
    assert world.hub.pulls() == []


def test_the_base_that_is_asked_for_does_not_exist(world: World) -> None:
    configured(world, '[tool.codemod-bot]\nbase = "next"\n')
    refused(world, "base: no branch is called 'next'.*issue 1 tells of it")
    world.work.push("next")
    assert world.run()[-1] == "the configuration: mended; issue 1 closed"
