"""Commits that GitHub makes and signs: the same files, one move, nothing left over."""

from __future__ import annotations

import pytest

from bot.cli import DONE, main
from bot.ports import Trouble
from bot.state import parsed
from tests.bot.emulated import REPOSITORY, Answer
from tests.bot.remote import TOKEN, git
from tests.bot.test_parts import asks
from tests.bot.test_run import NAME, ONE
from tests.bot.world import World

ASIDE = "codemod-next/iterrows"


@pytest.fixture
def signing(world: World) -> World:
    asks(world.work, 'commit-mode = "api"')
    return world


def committer(world: World) -> str:
    return git(world.work.bare, "log", "-1", "--format=%cn <%ce>", NAME)


def changed(world: World) -> str:
    return git(world.work.bare, "diff", "--raw", "--no-abbrev", "main", NAME)


def test_the_commit_is_githubs_and_the_files_are_those_of_a_push(
    signing: World,
) -> None:
    assert signing.run() == [f"{NAME}: pull request 1 opened"]
    assert committer(signing) == "GitHub <noreply@github.com>"
    assert sorted(signing.work.tips()) == [NAME, "main"]
    head = signing.work.tips()[NAME]
    state = parsed(signing.pull()["body"])
    assert signing.pull()["head"]["sha"] == head
    assert state is not None
    assert state.head == head
    by_api = changed(signing)
    git(signing.work.bare, "update-ref", "-d", f"refs/heads/{NAME}")
    signing.hub.follow()
    del signing.hub.requests[:]
    asks(signing.work)
    signing.hub.api("PATCH", "/pulls/1", {"body": "forgotten"})
    assert signing.run() == [f"{NAME}: pull request 2 opened"]
    assert committer(signing).startswith("codemod <")
    assert changed(signing) == by_api


def test_a_second_run_writes_nothing(signing: World) -> None:
    signing.run()
    del signing.hub.requests[:]
    assert signing.run() == [f"{NAME}: left alone: up to date"]
    assert signing.hub.writes == []


def test_it_is_brought_up_to_date_and_verified(
    signing: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing.run()
    first = signing.work.tips()[NAME]
    signing.work.write(app__one_py=f"# more\n{ONE}")
    tip = signing.work.push()
    assert signing.run() == [f"{NAME}: pull request 1 updated: the result differs"]
    assert git(signing.work.bare, "rev-parse", f"{NAME}^") == tip
    assert signing.work.tips()[NAME] != first
    assert "up to date" in signing.run()[0]
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    cache = str(signing.work.path.parent / "cache")
    given = ["--github-url", signing.api, "--cache", cache]
    assert main(["verify", f"{REPOSITORY}#1", *given]) == DONE


def test_a_mode_that_the_api_would_lose_is_pushed(signing: World) -> None:
    (signing.work.path / "app" / "two.py").chmod(0o755)
    signing.work.push()
    assert signing.run() == [
        f"{NAME}: pull request 1 opened; pushed unsigned, as the API would lose the "
        "mode of app/two.py"
    ]
    assert committer(signing).startswith("codemod <")
    assert ":100755 100755" in changed(signing)


def test_someone_who_pushes_meanwhile_wins(signing: World) -> None:
    signing.run()
    signing.work.write(app__one_py=f"# more\n{ONE}")
    signing.work.push()
    git(signing.work.path, "fetch", "-q", "origin", NAME)
    git(signing.work.path, "checkout", "-q", "FETCH_HEAD")
    commit = signing.hub.mutations["createCommitOnBranch"]
    theirs = []

    def meanwhile(given: dict[str, object]) -> dict[str, object]:
        theirs.append(signing.work.push(NAME))
        return commit(given)

    signing.hub.mutations["createCommitOnBranch"] = meanwhile
    assert "someone else pushed meanwhile" in signing.run()[0]
    assert signing.work.tips()[NAME] == theirs[0]


@pytest.mark.parametrize("step", [1, 2, 3])
def test_cut_short_at_any_step_the_next_run_ends_the_same(
    signing: World, step: int
) -> None:
    cut = Answer(502, {"message": "Bad Gateway"})
    counted = iter([*[None] * (step - 1), cut])
    own = signing.hub.graphql

    def graphql(asked: dict[str, object]) -> Answer:
        return next(counted, None) or own(asked)

    signing.hub.graphql = graphql  # type: ignore[method-assign]
    with pytest.raises(Trouble, match="502"):
        signing.run()
    assert NAME not in signing.work.tips()
    assert signing.run() == [f"{NAME}: pull request 1 opened"]
    assert sorted(signing.work.tips()) == [NAME, "main"]
    assert committer(signing) == "GitHub <noreply@github.com>"
