"""What goes wrong on the GitHub stand-in: a clear end, and the next run repairs it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.ports import Lasting, Trouble
from tests.bot.emulated import ANN, REPOSITORY, Answer
from tests.bot.remote import git
from tests.bot.test_run import NAME, ONE, THREE
from tests.bot.world import World

OPENED = [f"{NAME}: pull request 1 opened"]
LOST = ["left for the next run: someone else pushed meanwhile"]
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."


def answer(status: int, message: str, **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status, {"message": message}, named)


def ends(world: World, words: str, **given: Any) -> None:
    with pytest.raises(Trouble, match=words):
        world.run(**given)


def one_pull(world: World) -> None:
    """All is well: one pull, whose head is what was pushed, and nothing to do."""
    (pull,) = world.hub.pulls()
    assert pull["head"]["sha"] == world.work.tips()[NAME]
    assert pull["state"] == "open"
    assert "left alone: up to date" in world.quiet()[0]


def ann_pushes(world: World, branch: str = NAME) -> str:
    git(world.work.path, "checkout", "-q", "-B", "hers", "main")
    world.work.write(hers_py="x = 1\n")
    head = world.work.push(branch)
    git(world.work.path, "checkout", "-q", "main")
    return head


# -- somebody else is there too


def test_a_person_has_our_branch_first(world: World) -> None:
    world.hub.before["GET /pulls"] = lambda: ann_pushes(world)
    assert world.run() == LOST
    hers = world.work.tips()[NAME]
    assert "a branch of this name is someone else's" in world.quiet()[0]
    git(world.work.bare, "update-ref", "-d", f"refs/heads/{NAME}", hers)
    assert world.run() == OPENED
    one_pull(world)


def test_a_person_pushes_while_we_rebuild(world: World) -> None:
    world.run()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    git(world.work.path, "fetch", "-q", "origin", NAME)
    git(world.work.path, "checkout", "-q", "FETCH_HEAD")
    world.work.write(hers_py="x = 1\n")
    world.hub.before["GET /pulls"] = lambda: world.work.push(NAME)
    assert world.run() == LOST
    assert world.work.show(NAME, "hers.py") == "x = 1"
    assert "is a person's now" in world.run()[0]
    assert "the branch is theirs" in world.quiet()[0]


def test_the_findings_are_gone_while_a_person_pushes(world: World) -> None:
    world.run()
    world.work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    world.work.push()
    # Between our look at the branches and the deletion of ours.
    world.hub.after["PATCH /pulls/1"] = lambda: force(world, NAME, "main")
    assert world.run() == LOST
    assert world.work.tips()[NAME] == world.work.tips()["main"]
    assert "nothing to propose" in world.quiet()[0]


def force(world: World, branch: str, to: str) -> None:
    git(world.work.bare, "update-ref", f"refs/heads/{branch}", world.work.tips()[to])


# -- the API is behind


def test_the_list_does_not_show_our_pull_yet(world: World) -> None:
    world.run()
    empty = Answer(200, [])
    world.hub.faults["GET /pulls"] = [empty] * 6
    ends(world, re.escape("422 (Validation Failed; A pull request already exists"))
    assert len(world.hub.pulls()) == 1
    world.hub.faults.clear()
    one_pull(world)


def test_the_list_still_shows_what_was_merged(world: World) -> None:
    world.run()
    before = world.hub.pulls()
    git(world.work.path, "fetch", "-q", "origin", NAME)
    git(world.work.path, "merge", "-q", "--ff-only", "FETCH_HEAD")
    world.hub.merge(1, git(world.work.path, "rev-parse", "HEAD"))
    git(world.work.bare, "update-ref", "-d", f"refs/heads/{NAME}")
    git(world.work.path, "push", "-q", "origin", "main")
    world.hub.faults["GET /pulls"] = [Answer(200, before)]
    assert "the branch is gone, its pull about to be" in world.quiet()[0]
    assert "nothing to propose" in world.quiet()[0]


def test_the_list_still_shows_what_a_person_closed(world: World) -> None:
    world.run()
    before = world.hub.pulls()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    world.hub.api("PATCH", "/pulls/1", {"state": "closed"})
    world.hub.faults["GET /pulls"] = [Answer(200, before)]
    assert world.run() == ["left for the next run: pull request 1 was closed meanwhile"]
    assert "nothing that was not turned down" in world.quiet()[0]


def test_a_box_was_clicked_and_the_list_shows_the_old_body(world: World) -> None:
    world.run()
    before = world.hub.pulls()
    key = before[0]["body"].partition("<!-- codemod:")[2].partition(" ")[0]
    world.click(key, on=False)
    world.hub.faults["GET /pulls"] = [Answer(200, before)]
    assert "up to date" in world.quiet()[0]
    assert "updated" in world.settled()[0]


# -- the repository


def test_the_repository_is_empty(world: World) -> None:
    tip = world.work.tips()["main"]
    git(world.work.bare, "update-ref", "-d", "refs/heads/main")
    world.hub.follow = lambda: None  # type: ignore[method-assign]
    ends(world, "nothing to work on: it is empty")
    assert world.hub.writes == []
    git(world.work.bare, "update-ref", "refs/heads/main", tip)
    del world.hub.follow
    assert world.run() == OPENED


def test_the_repository_has_another_name(world: World) -> None:
    world.run()
    world.hub.api("PATCH", "", {"name": "application"})
    world.hub.moved[REPOSITORY] = world.hub.name = "codemod/application"
    assert "up to date" in world.quiet()[0]
    world.work.write(app__three_py=THREE)
    world.work.push()
    assert "updated" in world.settled()[0]
    assert {each.split("/")[-1] for each in world.hub.writes} == set()
    one_pull(world)


def test_the_repository_belongs_to_others_now(world: World) -> None:
    world.run()
    world.hub.faults["GET /codemod/app"] = [answer(403, "Repository access blocked")]
    ends(world, "access blocked")
    one_pull(world)


def test_an_archived_repository_and_back(world: World) -> None:
    world.run()
    world.hub.api("PATCH", "", {"archived": True})
    with pytest.raises(Lasting, match="the repository is archived"):
        world.run()
    world.hub.api("PATCH", "", {"archived": False})
    one_pull(world)


def test_the_base_is_renamed(world: World) -> None:
    world.run()
    tip = world.work.tips()["main"]
    git(world.work.bare, "branch", "-m", "main", "trunk")
    assert "the base is another branch" in world.settled()[0]
    (pull,) = world.hub.pulls()
    assert pull["base"]["ref"] == "trunk"
    assert git(world.work.bare, "rev-parse", f"{NAME}^") == tip
    one_pull(world)


def test_the_default_branch_is_deleted(world: World) -> None:
    world.run()
    tip = world.work.tips()["main"]
    git(world.work.bare, "branch", "trunk", "main")
    world.hub.follow()
    git(world.work.bare, "update-ref", "-d", "refs/heads/main")
    world.hub.before["GET"] = lambda: None
    world.hub.follow = lambda: None  # type: ignore[method-assign]
    ends(world, "its default branch is gone")
    del world.hub.follow
    git(world.work.bare, "update-ref", "refs/heads/main", tip)
    one_pull(world)


def test_the_base_is_deleted_just_before_the_pull_is_opened(world: World) -> None:
    world.work.push("next")
    (world.work.path / "pyproject.toml").write_text(
        '[tool.codemod-bot]\nbase = "next"\n'
    )
    tip = world.work.push()
    gone = ("update-ref", "-d", "refs/heads/next")
    world.hub.before["POST /pulls"] = lambda: git(world.work.bare, *gone)
    ends(world, re.escape("422 (Validation Failed; PullRequest invalid base)"))
    assert world.hub.pulls() == []
    ends(world, "base: no branch is called 'next'.*issue 1 tells of it")
    git(world.work.bare, "update-ref", "refs/heads/next", tip)
    assert world.settled()[0] == f"{NAME}: pull request 2 opened"


def test_the_base_is_deleted_and_its_pull_closed_by_that(world: World) -> None:
    (world.work.path / "pyproject.toml").write_text(
        '[tool.codemod-bot]\nbase = "next"\n'
    )
    world.work.push("next")
    tip = world.work.push()
    world.run()
    git(world.work.bare, "update-ref", "-d", "refs/heads/next")
    world.hub.api("PATCH", "/pulls/1", {"state": "closed"})
    ends(world, "base: no branch is called 'next'")
    git(world.work.bare, "update-ref", "refs/heads/next", tip)
    world.run()
    assert "nothing that was not turned down" in world.quiet()[0]
    world.hub.api("PATCH", "/pulls/1", {"state": "open"})
    assert "up to date" in world.settled()[0]


# -- what is not allowed


def test_a_rule_for_branches_refuses_the_push(world: World) -> None:
    hook = world.work.bare / "hooks" / "update"
    hook.write_text(
        "#!/bin/sh\ncase $1 in refs/heads/codemod/*)\n"
        "echo 'GH013: Cannot create ref due to creations being restricted.' >&2\n"
        "exit 1 ;; esac\n"
    )
    hook.chmod(0o755)
    ends(world, "GH013: Cannot create ref due to creations being restricted")
    assert world.hub.writes == []
    assert list(world.work.tips()) == ["main"]
    hook.unlink()
    assert world.run() == OPENED
    one_pull(world)


def test_what_is_refused_for_one_branch_is_done_for_others(world: World) -> None:
    world.work.write(app__shell_py='import os\n\n\nos.system("ls -l")\n')
    world.work.write(app__bare_py="try:\n    x = int('1')\nexcept:\n    x = 0\n")
    world.work.push()
    hook = world.work.bare / "hooks" / "update"
    hook.write_text(
        "#!/bin/sh\ncase $1 in refs/heads/codemod/bare-except) exit 1 ;; esac\n"
    )
    hook.chmod(0o755)
    ends(world, "remote rejected.*hook declined", only=("bare-except", "iterrows"))
    assert [pull["head"]["ref"] for pull in world.hub.pulls()] == [NAME]
    hook.unlink()
    both = world.run(only=("bare-except", "iterrows"))
    assert both == [
        "codemod/bare-except: pull request 2 opened",
        f"{NAME}: left alone: up to date",
    ]


@pytest.mark.parametrize(
    ("status", "message", "words"),
    [
        (403, "Resource not accessible by integration", "the token lacks a permission"),
        (404, "Not Found", "the token may not see it"),
        (401, "Bad credentials", "it may have expired"),
        (403, SECONDARY, "rate limit is used up"),
        (429, SECONDARY, "rate limit is used up"),
        (500, "", "GitHub answers 500"),
        (502, "", "GitHub answers 502"),
        (503, "", "GitHub answers 503"),
    ],
)
def test_a_pull_cannot_be_opened_after_its_branch_was_pushed(
    world: World, status: int, message: str, words: str
) -> None:
    world.hub.faults["POST /pulls"] = [answer(status, message)]
    ends(world, words)
    assert world.hub.pulls() == []
    assert world.run() == OPENED
    one_pull(world)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_the_body_cannot_be_written_after_its_branch_was_pushed(
    world: World, status: int
) -> None:
    world.run()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    world.hub.faults["PATCH /pulls/1"] = [answer(status, "No.")]
    ends(world, "No")
    assert "the body tells of another commit" in world.settled()[0]
    one_pull(world)


NOTHING = dict.fromkeys(("push", "pull", "triage", "maintain", "admin"), False)


def test_a_person_may_only_read(world: World) -> None:
    world.hub.rights = {**NOTHING, "pull": True}
    ends(world, "may not push", token=ANN)
    assert world.hub.writes == []


def test_what_github_says_of_an_apps_role_means_nothing(world: World) -> None:
    world.hub.rights = NOTHING
    assert world.run() == OPENED


def test_git_does_not_take_the_token_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # From the push on: what was read before still went well.
    monkeypatch.setattr("tests.bot.remote.EXPIRED", ["git-receive-pack"])
    ends(world, "git push:.*401")
    assert world.hub.pulls() == []
    monkeypatch.setattr("tests.bot.remote.EXPIRED", [])
    assert world.run() == OPENED
    one_pull(world)


def test_issues_are_gone_when_one_is_needed(world: World) -> None:
    (world.work.path / "pyproject.toml").write_text("[tool.codemod-bot]\nx = 1\n")
    world.work.push()
    world.hub.faults["POST /issues"] = [answer(410, "Issues are disabled")]
    ends(world, "has no key 'x'.*switched off in this repository")
    ends(world, "has no key 'x'.*issue 1 tells of it")


# -- GitHub has a bad day


def test_a_secondary_rate_limit_is_waited_for(world: World) -> None:
    world.run()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    world.hub.faults["PATCH"] = [answer(403, SECONDARY, Retry_After="1")]
    assert "updated" in world.run()[0]
    one_pull(world)


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_long_wait_is_left_to_the_next_run(world: World, status: int) -> None:
    world.hub.faults["GET /pulls"] = [answer(status, SECONDARY, Retry_After="3600")]
    ends(world, "rate limit is used up; the next run goes on")
    assert world.hub.writes == []
    assert world.run() == OPENED


def test_a_change_that_may_have_been_done_is_sent_again(world: World) -> None:
    world.run()
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    world.hub.lost["PATCH"] = [answer(502, "")]
    assert "updated" in world.run()[0]
    one_pull(world)


def test_a_comment_that_may_have_been_written_is_not_written_twice(
    world: World,
) -> None:
    world.run()
    git(world.work.path, "fetch", "-q", "origin", NAME)
    git(world.work.path, "checkout", "-q", "FETCH_HEAD")
    world.work.write(plain_py="mine = 1\n")
    world.work.push(NAME)
    world.hub.lost["POST"] = [answer(502, "")]
    ends(world, "GitHub answers 502")
    assert "the branch is theirs" in world.quiet()[0]
    assert len(world.comments()) == 1


def test_nobody_is_there(world: World) -> None:
    world.run()
    api = world.api
    world.api = "http://127.0.0.1:9"
    ends(world, "GitHub does not answer")
    world.api = api
    one_pull(world)


@pytest.mark.parametrize(
    ("status", "lasting"), [(404, True), (451, True), (401, False), (502, False)]
)
def test_whether_trying_again_soon_may_help(
    world: World, status: int, lasting: bool
) -> None:
    world.hub.faults["GET /codemod/app"] = [answer(status, "No")] * 9
    with pytest.raises(Trouble) as caught:
        world.run()
    assert isinstance(caught.value, Lasting) == lasting
