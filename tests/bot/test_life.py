"""The life of a pull request on the GitHub stand-in: what people do, row by row."""

from __future__ import annotations

import pytest

from bot.state import parsed, ticks
from tests.bot.emulated import ANN
from tests.bot.remote import git
from tests.bot.test_run import NAME, ONE, THREE
from tests.bot.world import World

UP_TO_DATE = [f"{NAME}: left alone: up to date"]


@pytest.fixture
def opened(world: World) -> World:
    assert world.run() == [f"{NAME}: pull request 1 opened"]
    return world


def changed(world: World) -> list[str]:
    return git(world.work.bare, "diff", "--name-only", "main", NAME).split()


def merge(world: World, *how: str) -> None:
    """What the button does."""
    work = world.work.path
    git(work, "fetch", "-q", "origin", NAME, "main")
    git(work, "checkout", "-q", "-B", "main", "origin/main")
    git(work, "merge", "-q", *how, f"origin/{NAME}")
    if "--squash" in how:
        git(work, "commit", "-q", "-m", "squashed")
    world.hub.merge(world.pull()["number"], git(work, "rev-parse", "HEAD"))
    git(work, "push", "-q", "origin", "main")


def close(world: World) -> None:
    world.hub.api("PATCH", f"/pulls/{world.pull()['number']}", {"state": "closed"})


def test_a_second_run_writes_nothing(opened: World) -> None:
    assert opened.quiet() == UP_TO_DATE
    assert opened.quiet() == UP_TO_DATE


def test_the_base_moves_elsewhere(opened: World) -> None:
    opened.work.write(plain_py="x = 2\n")
    opened.work.push()
    assert opened.quiet() == UP_TO_DATE


def test_the_base_moves_under_our_files(opened: World) -> None:
    opened.work.write(app__one_py=f"# more\n{ONE}")
    tip = opened.work.push()
    told = [f"{NAME}: pull request 1 updated: the result differs"]
    assert opened.settled() == told
    assert git(opened.work.bare, "rev-parse", f"{NAME}^") == tip
    assert opened.pull()["head"]["sha"] == opened.work.tips()[NAME]
    state = parsed(opened.pull()["body"])
    assert state is not None
    assert state.base == tip


def test_the_base_moves_and_conflicts(opened: World) -> None:
    opened.work.write(app__one_py=ONE.replace("found", "prices"))
    opened.work.push()
    assert "the result differs" in opened.settled()[0]
    assert "prices" in opened.work.show(NAME, "app/one.py")


def test_a_person_pushes(opened: World) -> None:
    git(opened.work.path, "fetch", "-q", "origin", NAME)
    git(opened.work.path, "checkout", "-q", "FETCH_HEAD")
    opened.work.write(plain_py="mine = 1\n")
    theirs = opened.work.push(NAME)
    assert opened.run() == [f"{NAME}: pull request 1 is a person's now"]
    told = [f"{NAME}: left alone: a person pushed here; the branch is theirs"]
    assert opened.quiet() == told
    git(opened.work.path, "checkout", "-q", "main")
    opened.work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    opened.work.push()
    assert opened.quiet() == told
    assert opened.work.tips()[NAME] == theirs
    assert len(opened.comments()) == 1


def test_it_is_said_even_if_others_say_it_too(opened: World) -> None:
    git(opened.work.path, "fetch", "-q", "origin", NAME)
    git(opened.work.path, "checkout", "-q", "FETCH_HEAD")
    opened.work.write(plain_py="mine = 1\n")
    opened.work.push(NAME)
    path = "/repos/codemod/app/issues/1/comments"
    data = b'{"body": "<!-- codemod:touched --> - [x] <!-- codemod:rebuild -->"}'
    assert opened.hub.forward("POST", path, "", data, f"Bearer {ANN}").status == 201
    assert "is a person's now" in opened.run()[0]
    assert "the branch is theirs" in opened.quiet()[0]
    assert len(opened.comments()) == 2


def test_a_person_asks_for_it_anew(opened: World) -> None:
    opened.work.write(plain_py="x = 2\n")
    tip = opened.work.push()
    assert opened.quiet() == UP_TO_DATE
    opened.click("rebuild", on=True)
    assert "a person asked for it anew" in opened.settled()[0]
    assert git(opened.work.bare, "rev-parse", f"{NAME}^") == tip


def test_closed_it_is_never_proposed_again(opened: World) -> None:
    close(opened)
    turned_down = f"{NAME}: left alone: nothing that was not turned down to propose"
    assert opened.quiet() == [turned_down]
    opened.work.write(app__three_py=THREE)
    opened.work.push()
    assert opened.settled() == [f"{NAME}: pull request 2 opened"]
    assert changed(opened) == ["app/three.py"]
    merge(opened)
    assert opened.quiet() == [turned_down]
    opened.work.write(app__one_py=f"# moved down\n{ONE}")
    opened.work.push()
    assert opened.quiet() == [turned_down]


@pytest.mark.parametrize("how", ["--no-ff", "--squash", "--ff-only"])
def test_merged_the_next_findings_are_in_a_new_one(opened: World, how: str) -> None:
    merge(opened, how)
    assert opened.quiet() == [f"{NAME}: left alone: nothing to propose"]
    opened.work.write(app__three_py=THREE)
    opened.work.push()
    assert opened.settled() == [f"{NAME}: pull request 2 opened"]
    assert changed(opened) == ["app/three.py"]


def test_the_findings_are_gone(opened: World) -> None:
    opened.work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    opened.work.push()
    assert "no longer there" in opened.settled()[0]
    assert opened.hub.pulls("open") == []
    assert opened.hub.pulls()[0]["body"].startswith("> **Closed:** The code")
    assert list(opened.work.tips()) == ["main"]


def test_the_codemod_is_switched_off_and_on(opened: World) -> None:
    config = opened.work.path / "pyproject.toml"
    config.write_text("[tool.codemod-bot]\nselect = []\n")
    opened.work.push()
    assert "no longer asks for this" in opened.settled()[0]
    assert opened.hub.pulls("open") == []
    config.write_text("")
    opened.work.push()
    assert opened.settled() == [f"{NAME}: pull request 2 opened"]
    assert changed(opened) == ["app/one.py", "app/two.py"]


def test_one_change_is_turned_down(opened: World) -> None:
    key = next(iter(ticks(opened.pull()["body"])))
    opened.click(key, on=False)
    assert opened.settled() == [f"{NAME}: pull request 1 updated: the result differs"]
    assert changed(opened) == ["app/two.py"]
    assert "Turned down before: 1 place" in opened.pull()["body"]
    opened.work.write(app__two_py="x = 2\n", app__three_py=THREE)
    opened.work.push()
    opened.settled()
    assert changed(opened) == ["app/three.py"]
    close(opened)
    assert "nothing that was not turned down" in opened.quiet()[0]


def test_the_branch_is_deleted_by_hand(opened: World) -> None:
    git(opened.work.bare, "update-ref", "-d", f"refs/heads/{NAME}")
    assert "nothing that was not turned down" in opened.quiet()[0]
    assert opened.hub.pulls("open") == []
    assert list(opened.work.tips()) == ["main"]


def test_a_fork_has_a_pull_from_a_branch_of_our_name(world: World) -> None:
    world.hub.follow()
    ann = f"Bearer {ANN}"
    made = world.hub.forward("POST", "/repos/codemod/app/forks", "", b"{}", ann)
    assert made.status < 300
    asked = f'{{"title": "x", "head": "ann:{NAME}", "base": "main"}}'.encode()
    theirs = world.hub.forward("POST", "/repos/codemod/app/pulls", "", asked, ann)
    assert theirs.status == 201
    assert world.settled() == [f"{NAME}: pull request 2 opened"]
    heads = {pull["number"]: pull["head"]["label"] for pull in world.hub.pulls("open")}
    assert heads == {1: f"ann:{NAME}", 2: f"codemod:{NAME}"}
