"""`verify` and `revert`: a pull request checked from its body, and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.arguments import pull_named
from bot.cli import DIFFERENT, DONE, FAILED, UNKNOWN, USAGE, main
from bot.settings import SettingsError
from bot.state import parsed, printed
from tests.bot.build import tick
from tests.bot.emulated import REPOSITORY, Answer
from tests.bot.remote import TOKEN, git
from tests.bot.test_run import NAME, ONE
from tests.bot.world import World

HERE = f"{REPOSITORY}#1"


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.delenv("CODEMOD_APP_ID", raising=False)


def command(world: World, name: str, pull: str = HERE) -> int:
    cache = str(world.work.path.parent / "cache")
    return main([name, pull, "--github-url", world.api, "--cache", cache])


def merge(world: World, *how: str) -> None:
    """Merge the open pull request the way a person does, by git."""
    work, pull = world.work.path, world.pull()
    git(work, "fetch", "-q", "origin", NAME, "main")
    git(work, "checkout", "-q", "-B", "main", "origin/main")
    git(work, "merge", "-q", *how, "-m", "merged", f"origin/{NAME}")
    world.hub.merge(pull["number"], git(work, "rev-parse", "HEAD"))
    git(work, "push", "-q", "origin", "main")


def edited(world: World, body: str) -> None:
    world.hub.api("PATCH", f"/pulls/{world.pull()['number']}", {"body": body})


def test_what_the_bot_pushed_is_identical(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run()
    base = world.work.tips()["main"]
    del world.hub.requests[:]
    assert command(world, "verify") == DONE
    assert capsys.readouterr().out == f"identical: 2 files, derived from {base}\n"
    assert world.hub.writes == []


def test_only_the_changes_that_are_named_are_derived(world: World) -> None:
    world.run()
    key = next(iter(parsed(world.pull()["body"]).proposed))  # type: ignore[union-attr]
    world.click(key, on=False)
    world.run()
    assert command(world, "verify") == DONE


def test_one_byte_more_is_different(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run()
    path = world.work.path
    git(path, "fetch", "-q", "origin", NAME)
    git(path, "checkout", "-q", "FETCH_HEAD")
    (path / "app" / "two.py").write_text(world.work.show(NAME, "app/two.py") + "\n\n")
    git(path, "commit", "-qa", "--amend", "-C", "HEAD")
    git(path, "push", "-qf", "origin", f"HEAD:refs/heads/{NAME}")
    assert command(world, "verify") == DIFFERENT
    assert capsys.readouterr().out.splitlines() == [
        "different: its files are not what the codemod makes of the base",
        "'app/two.py'",
    ]


def test_a_commit_on_top_is_different(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run()
    path = world.work.path
    git(path, "fetch", "-q", "origin", NAME)
    git(path, "checkout", "-q", "FETCH_HEAD")
    world.work.push(NAME)
    assert command(world, "verify") == DIFFERENT
    assert "it is not one commit on" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "does not say from what it was made"),
        ({"version": "9.9.9"}, "codemod 9.9.9 made it"),
        ({"codemod": "others"}, "there is no codemod 'others' here"),
    ],
)
def test_what_cannot_be_told(
    world: World,
    capsys: pytest.CaptureFixture[str],
    given: dict[str, str] | None,
    words: str,
) -> None:
    world.run()
    state = parsed(world.pull()["body"])
    assert state is not None
    edited(world, printed(replace(state, **given)) if given else "mine")  # type: ignore[arg-type]
    assert command(world, "verify") == UNKNOWN
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("how", [("--no-ff",), ("--ff-only",)])
def test_a_merged_pull_is_taken_back_once(
    world: World, how: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = world.work.show("main", "app/one.py")
    world.run()
    merge(world, *how)
    world.work.write(plain_py="x = 9\n")
    tip = world.work.push()
    assert command(world, "revert") == DONE
    pull = world.pull()
    branch = "codemod-revert/1"
    assert (pull["head"]["ref"], pull["base"]["ref"]) == (branch, "main")
    assert pull["head"]["sha"] == world.work.tips()[branch]
    assert pull["title"].startswith("Revert #1: iterrows: ")
    assert git(world.work.bare, "rev-parse", f"{branch}^") == tip
    assert world.work.show(branch, "app/one.py") == before
    assert world.work.show(branch, "plain.py") == "x = 9"
    del world.hub.requests[:]
    assert command(world, "revert") == DONE
    assert world.hub.writes == []
    first, second = capsys.readouterr().out.splitlines()
    assert first == second == f"{branch}: pull request 2 takes back 1"


def test_what_was_taken_back_is_not_proposed_again_until_ticked(world: World) -> None:
    world.run()
    merge(world, "--no-ff")
    command(world, "revert")
    git(world.work.path, "merge", "-q", "--ff-only", revert_of(world))
    world.hub.merge(2, world.work.tips()["codemod-revert/1"])
    git(world.work.path, "push", "-q", "origin", "main")
    assert "nothing that was not turned down" in world.run()[0]
    body = world.hub.api("GET", "/pulls/1")["body"]
    assert body.startswith("> **Taken back** by #2.")
    key = parsed(body).proposed[0]  # type: ignore[union-attr]
    world.hub.api("PATCH", "/pulls/1", {"body": tick(body, key, on=True)})
    assert "pull request 3 opened" in world.run()[0]
    assert len(parsed(world.pull()["body"]).proposed) == 1  # type: ignore[union-attr]


def revert_of(world: World) -> str:
    git(world.work.path, "fetch", "-q", "origin")
    return world.work.tips()["codemod-revert/1"]


def test_what_others_changed_since_stays(world: World) -> None:
    world.run()
    merge(world, "--no-ff")
    one = world.work.show("main", "app/one.py")
    world.work.write(app__one_py=f"# of a person\n\n\n{one}\n")
    world.work.push()
    assert command(world, "revert") == DONE
    reverted = world.work.show("codemod-revert/1", "app/one.py")
    assert reverted == f"# of a person\n\n\n{ONE}".strip()


def test_the_same_lines_changed_since(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run()
    merge(world, "--no-ff")
    world.work.write(app__one_py="x = 1\n")
    world.work.push()
    assert command(world, "revert") == FAILED
    assert "revert by hand: app/one.py" in capsys.readouterr().err
    assert "codemod-revert/1" not in world.work.tips()


def test_one_that_is_not_merged(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run()
    assert command(world, "revert") == FAILED
    assert "not merged: close it instead" in capsys.readouterr().err


def test_killed_between_push_and_pull(world: World) -> None:
    world.run()
    merge(world, "--no-ff")
    world.hub.faults["POST"] = [Answer(403, {"message": "No."})]
    assert command(world, "revert") == FAILED
    pushed = world.work.tips()["codemod-revert/1"]
    assert command(world, "revert") == DONE
    assert world.pull()["head"]["sha"] == pushed


@pytest.mark.parametrize(
    "text",
    [
        "codemod/app#7",
        "https://github.com/codemod/app/pull/7",
        "https://git.example.org/codemod/app/pull/7/",
    ],
)
def test_a_pull_is_named_by_url_or_number(text: str) -> None:
    assert pull_named(text) == ("codemod/app", 7)


@pytest.mark.parametrize("text", ["app#7", "codemod/app", "codemod/app#0", "a/b#x", ""])
def test_what_names_no_pull(text: str, capsys: Any) -> None:
    with pytest.raises(SettingsError):
        pull_named(text)
    assert main(["verify", text]) == USAGE
