"""Runs against GitHub's emulator and a real git server, every request checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.access import Installed
from bot.apps import App
from bot.cli import DONE, USAGE, main
from bot.ports import Trouble
from bot.state import ticks
from tests.bot.emulated import REPOSITORY, Answer
from tests.bot.remote import TOKEN, git
from tests.bot.test_run import NAME, ONE, THREE
from tests.bot.world import World


def test_one_pull_whose_head_is_the_pushed_commit(world: World) -> None:
    assert world.run() == [f"{NAME}: pull request 1 opened"]
    pull = world.pull()
    assert pull["head"]["sha"] == world.work.tips()[NAME]
    assert pull["base"]["ref"] == "main"
    assert pull["title"].endswith("(2 places, 2 files)")
    assert len(world.hub.requests) == 8
    del world.hub.requests[:]
    assert world.run() == [f"{NAME}: left alone: up to date"]
    assert world.hub.writes == []
    assert len(world.hub.requests) == 2


def test_a_box_is_unticked(world: World) -> None:
    world.run()
    key = next(iter(ticks(world.pull()["body"])))
    world.click(key, on=False)
    assert "updated" in world.run()[0]
    assert git(world.work.bare, "diff", "--name-only", "main", NAME) == "app/two.py"
    assert world.pull()["title"].endswith("(1 place, 1 file)")
    assert "up to date" in world.run()[0]


def test_a_person_pushes_and_gives_it_back(world: World) -> None:
    world.run()
    ours = world.work.tips()[NAME]
    git(world.work.path, "fetch", "-q", "origin", NAME)
    git(world.work.path, "checkout", "-q", "FETCH_HEAD")
    world.work.write(plain_py="mine = 1\n")
    theirs = world.work.push(NAME)
    assert "is a person's now" in world.run()[0]
    assert "the branch is theirs" in world.run()[0]
    (comment,) = world.comments()
    assert world.work.tips()[NAME] == theirs
    assert "build this branch anew" in comment["body"]
    world.click("rebuild", on=True)
    path = f"/issues/{world.pull()['number']}/comments"
    assert "gave the branch back" in world.run()[0]
    assert world.work.tips()[NAME] == ours
    assert world.hub.api("GET", path) == []
    assert "up to date" in world.run()[0]


def test_closed_without_merging(world: World) -> None:
    world.run()
    number = world.pull()["number"]
    world.hub.api("PATCH", f"/pulls/{number}", {"state": "closed"})
    del world.hub.requests[:]
    assert "nothing that was not turned down" in world.run()[0]
    assert world.hub.writes == []
    git(world.work.path, "checkout", "-q", "main")
    world.work.write(app__three_py=THREE)
    world.work.push()
    assert world.run() == [f"{NAME}: pull request 2 opened"]
    assert git(world.work.bare, "diff", "--name-only", "main", NAME) == "app/three.py"


def test_the_findings_go(world: World) -> None:
    world.run()
    world.work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    world.work.push()
    assert "closed: The code" in world.run()[0]
    assert world.hub.pulls("open") == []
    assert list(world.work.tips()) == ["main"]
    world.work.write(app__one_py=ONE)
    world.work.push()
    assert world.run() == [f"{NAME}: pull request 2 opened"]


def test_a_pull_that_is_there_already_is_taken_over(world: World) -> None:
    world.hub.lost["POST"] = [Answer(502, {"message": "Server Error"})]
    with pytest.raises(Trouble, match="GitHub answers 502"):
        world.run()
    assert [each for each in world.hub.writes if each.startswith("POST")] == [
        f"POST /repos/{REPOSITORY}/pulls"
    ]
    assert "up to date" in world.run()[0]
    assert len(world.hub.pulls()) == 1


def test_a_server_error_of_a_read_is_tried_again(world: World) -> None:
    world.hub.faults["GET"] = [Answer(503, {"message": "", "code": ""})]
    assert "opened" in world.run()[0]


def test_a_rate_limit_far_away_is_left_to_the_next_run(world: World) -> None:
    limit = "API rate limit exceeded for installation."
    headers = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "4000000000"))
    world.hub.faults["POST"] = [Answer(403, {"message": limit}, headers)]
    with pytest.raises(Trouble, match="rate limit"):
        world.run()
    assert world.hub.pulls() == []
    assert "opened" in world.run()[0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Answer(404, {"message": "Not Found"}), "does not know it"),
        (Answer(403, {"message": "No."}), "the token lacks a permission (No.)"),
    ],
)
def test_a_repository_that_is_gone_or_closed_to_us(
    world: World, fault: Answer, words: str
) -> None:
    world.hub.faults["GET"] = [fault]
    with pytest.raises(Trouble, match=re.escape(words)):
        world.run()
    assert world.hub.writes == []


def test_an_app_has_a_token_for_one_repository(world: World, app: App) -> None:
    known = Installed(app, world.api)
    token = known.token(REPOSITORY)
    assert token.startswith("ghs_")
    assert known.token(REPOSITORY) == token
    assert token not in repr(known)
    assert world.hub.writes == ["POST /app/installations/100/access_tokens"]
    assert app.key[40:80] not in repr(app)


def test_an_app_that_may_not_see_checks(world: World, app: App) -> None:
    refusal = {"message": "The permissions requested are not granted."}
    world.hub.lost["POST"] = [Answer(422, {**refusal, "documentation_url": "x"})]
    assert Installed(app, world.api).token(REPOSITORY).startswith("ghs_")
    world.hub.faults["GET /check-runs"] = [Answer(403, {"message": "No."})]
    world.hub.faults["GET /status"] = [Answer(403, {"message": "No."})]
    assert "opened" in world.run()[0]


def test_a_key_that_is_none(world: World) -> None:
    with pytest.raises(Trouble, match="private key") as error:
        Installed(App(12345, "nonsense"), world.api).token(REPOSITORY)
    assert "nonsense" not in str(error.value)


def test_an_archived_repository(world: World) -> None:
    world.hub.follow()
    world.hub.api("PATCH", "", {"archived": True})
    with pytest.raises(Trouble, match="archived"):
        world.run()
    assert world.hub.writes == []


def test_the_command(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = str(world.work.path.parent / "cache")
    given = [
        "run",
        REPOSITORY,
        "--github-url",
        world.api,
        "--cache",
        cache,
        "--even-if-idle",
    ]
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("CODEMOD_APP_ID", raising=False)
    assert main(given) == USAGE
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    assert main([*given, "--dry-run"]) == DONE
    assert world.hub.writes == []
    assert main([*given, "--only", "iterrows"]) == DONE
    assert world.pull()["head"]["sha"] == world.work.tips()[NAME]
    told = capsys.readouterr()
    assert TOKEN not in told.out + told.err
    files = [path for path in Path(cache).rglob("*") if path.is_file()]
    assert not [path for path in files if TOKEN.encode() in path.read_bytes()]


def test_a_token_that_expired(world: World) -> None:
    with pytest.raises(Trouble, match="does not take the token") as error:
        world.run("ghs_expired")
    assert "ghs_expired" not in repr(error.value)
    assert error.value.__cause__ is None
