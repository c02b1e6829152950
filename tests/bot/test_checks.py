"""A draft until its checks succeed, on the GitHub stand-in."""

from __future__ import annotations

import pytest

from bot.state import parsed
from tests.bot.emulated import Answer
from tests.bot.test_run import NAME
from tests.bot.world import World


class Later:
    """A clock of a day on which the emulator's pull requests are old."""

    def now(self) -> int:
        return 4_000_000_000


def check(world: World, branch: str, conclusion: str, name: str = "tests") -> None:
    """What continuous integration says of a branch's tip."""
    world.hub.follow()
    done = {"status": "completed", "conclusion": conclusion}
    if not conclusion:
        done = {"status": "in_progress"}
    commit = world.work.tips()[branch]
    world.hub.api("POST", "/check-runs", {"name": name, "head_sha": commit, **done})


@pytest.fixture
def drafted(world: World) -> World:
    check(world, "main", "success")
    assert world.run() == [f"{NAME}: pull request 1 opened"]
    assert world.pull()["draft"]
    assert "A draft until the checks of this branch succeed." in world.pull()["body"]
    return world


def quiet(world: World) -> list[str]:
    del world.hub.requests[:]
    told = world.run()
    assert world.hub.writes == []
    return told


def test_ready_when_the_checks_succeed(drafted: World) -> None:
    check(drafted, NAME, "")
    assert quiet(drafted) == [f"{NAME}: left alone: a draft until its checks succeed"]
    check(drafted, NAME, "success")
    check(drafted, NAME, "skipped", "deploy")
    assert drafted.run() == [f"{NAME}: pull request 1 is ready: checks succeed"]
    assert not drafted.pull()["draft"]
    assert "draft" not in drafted.pull()["body"].lower()
    assert quiet(drafted) == [f"{NAME}: left alone: up to date"]


def test_the_body_says_which_fail(drafted: World) -> None:
    head = drafted.work.tips()[NAME]
    check(drafted, NAME, "success")
    check(drafted, NAME, "failure", "lint `@ann`")
    drafted.hub.statuses[head] = "error"
    assert "the checks say something else" in drafted.run()[0]
    words = "**A draft, as checks fail:** `ci/jenkins`, `` lint `@ann` ``."
    assert words in drafted.pull()["body"]
    assert drafted.pull()["draft"]
    assert drafted.work.tips()[NAME] == head
    assert quiet(drafted) == [f"{NAME}: left alone: a draft, as checks fail"]


def test_what_fails_on_the_base_too_does_not_count(drafted: World) -> None:
    check(drafted, "main", "failure", "flaky")
    check(drafted, NAME, "success")
    check(drafted, NAME, "timed_out", "flaky")
    assert "is ready" in drafted.run()[0]


def test_a_branch_without_checks_waits_an_hour(drafted: World) -> None:
    assert "a draft until" in quiet(drafted)[0]
    assert "is ready" in drafted.run(clock=Later())[0]
    assert not drafted.pull()["draft"]


def test_our_own_check_does_not_count(drafted: World) -> None:
    check(drafted, NAME, "failure", "codemod")
    assert "a draft until" in quiet(drafted)[0]


def test_the_branch_is_rebuilt_and_waits_again(drafted: World) -> None:
    check(drafted, NAME, "failure")
    drafted.run()
    one = (drafted.work.path / "app" / "one.py").read_text()
    drafted.work.write(app__one_py=f"# more\n{one}")
    drafted.work.push()
    check(drafted, "main", "success")
    assert "the result differs" in drafted.run()[0]
    state = parsed(drafted.pull()["body"])
    assert state is not None
    assert state.checks == "waiting"
    check(drafted, NAME, "success")
    assert "is ready" in drafted.run()[0]


def test_a_person_who_does_not_wait(drafted: World) -> None:
    number = drafted.pull()["number"]
    drafted.hub.api("PATCH", f"/pulls/{number}", {"draft": False})
    assert "updated" in drafted.run()[0]
    assert "draft" not in drafted.pull()["body"].lower()
    drafted.hub.api("PATCH", f"/pulls/{number}", {"draft": True})
    check(drafted, NAME, "success")
    assert quiet(drafted) == [f"{NAME}: left alone: up to date"]


def test_a_repository_that_may_have_no_drafts(world: World) -> None:
    check(world, "main", "success")
    error = {"resource": "PullRequest", "code": "custom"}
    error["message"] = "Draft pull requests are not supported in this repository."
    words = {"message": "Validation Failed", "documentation_url": "https://x"}
    world.hub.faults["POST /pulls"] = [Answer(422, {**words, "errors": [error]})]
    assert world.run() == [f"{NAME}: pull request 1 opened"]
    assert not world.pull()["draft"]
    assert "updated" in world.settled()[0]
    assert "draft" not in world.pull()["body"].lower()


def test_no_checks_no_draft(world: World) -> None:
    world.run()
    assert not world.pull()["draft"]
