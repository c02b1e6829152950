"""Sweeps: every repository its turn, and next to nothing where nothing happened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.apps import App
from bot.cli import DONE, FAILED, USAGE, main
from bot.state import ticks
from bot.sweep import Row, table
from tests.bot.emulated import REPOSITORY
from tests.bot.remote import TOKEN, git
from tests.bot.test_run import NAME, ONE, THREE
from tests.bot.world import World

ONE_REQUEST = ["QUERY /graphql"]


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.delenv("CODEMOD_APP_ID", raising=False)


def sweep(world: World, *more: str, names: tuple[str, ...] = (REPOSITORY,)) -> int:
    """One sweep; the requests of the last are there afterwards."""
    listed = world.work.path.parent / "repositories.toml"
    listed.write_text(f"repositories = {list(names)}\n")
    del world.hub.requests[:]
    given = ["--github-url", world.api, "--cache", str(cache(world)), *more]
    work = ["--only", "iterrows", "--even-if-idle"]
    return main(["sweep", "--repositories", str(listed), *work, *given])


def cache(world: World) -> Path:
    return world.work.path.parent / "cache"


def settle(world: World) -> None:
    """Sweep until there is nothing to do and that is known."""
    assert sweep(world) == DONE
    assert sweep(world) == DONE
    assert sweep(world) == DONE
    assert world.hub.requests == ONE_REQUEST


def test_one_that_fails_does_not_stop_the_others(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("codemod/gone", REPOSITORY)
    assert sweep(world, names=names) == FAILED
    assert world.pull()["head"]["ref"] == NAME
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("")
    assert lines[at + 1].split() == [
        *("repository", "opened", "updated", "closed", "left", "error"),
    ]
    assert lines[at + 2].startswith(
        "codemod/gone       0        0       0     0  GitHub"
    )
    assert lines[at + 3].split() == [REPOSITORY, "1", "0", "0", "0"]
    assert main(["sweep", "--report", "--cache", str(cache(world))]) == DONE
    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith(": 2 repositories, 1 worked on, 0 as they were, 1 failed")
    assert told[3].split()[:2] == ["iterrows", "2"]


def test_where_nothing_happened_it_costs_one_request_and_no_clone(world: World) -> None:
    settle(world)
    for each in cache(world).glob("*.git"):
        shutil.rmtree(each)
    assert sweep(world) == DONE
    assert world.hub.requests == ONE_REQUEST
    assert list(cache(world).glob("*.git")) == []


def test_without_its_memory_a_sweep_looks_again(world: World) -> None:
    settle(world)
    shutil.rmtree(cache(world))
    assert sweep(world) == DONE
    assert len(world.hub.requests) > 1
    assert world.hub.writes == []


def test_the_base_moved(world: World) -> None:
    settle(world)
    world.work.write(app__three_py=THREE)
    world.work.push()
    assert sweep(world) == DONE
    assert git(world.work.bare, "show", f"{NAME}:app/three.py") != THREE.strip()
    settle(world)


def test_a_person_unticked_a_box(world: World) -> None:
    settle(world)
    world.click(next(iter(ticks(world.pull()["body"]))), on=False)
    assert sweep(world) == DONE
    assert world.pull()["title"].endswith("(1 place, 1 file)")


def test_a_person_pushed_or_deleted_the_branch(world: World) -> None:
    settle(world)
    git(world.work.bare, "update-ref", "-d", f"refs/heads/{NAME}")
    assert sweep(world) == DONE
    assert len(world.hub.requests) > 1


def test_other_codemods_are_another_sweep(world: World) -> None:
    settle(world)
    assert sweep(world, "--only", "iterrows,shell-true") == DONE
    assert len(world.hub.requests) > 1


def test_another_base_than_the_default(world: World) -> None:
    world.work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    (world.work.path / ".codemod.toml").write_text('[tool.codemod-bot]\nbase = "next"')
    world.work.push()
    assert "next" not in world.work.tips()
    world.work.push("next")
    for _ in range(3):
        assert sweep(world) == DONE
    assert world.hub.requests == ONE_REQUEST
    world.work.write(app__one_py=ONE)
    world.work.push("next")
    assert sweep(world) == DONE
    assert world.pull()["base"]["ref"] == "next"


def test_a_dry_sweep_writes_nothing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(world, "--dry-run") == DONE
    assert world.hub.writes == []
    assert list(world.work.tips()) == ["main"]
    out = capsys.readouterr().out
    assert f"{REPOSITORY}: open {NAME}: iterrows: " in out
    assert out.splitlines()[-1].split() == [REPOSITORY, "1", "0", "0", "0"]


def test_an_app_sweeps_where_it_was_installed(
    world: World, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEMOD_APP_ID", str(app.id))
    monkeypatch.setenv("CODEMOD_PRIVATE_KEY", app.key)
    given = ["--github-url", world.api, "--cache", str(cache(world))]
    main(["sweep", "--dry-run", *given])
    assert "GET /app/installations" in world.hub.requests
    assert "GET /installation/repositories" in world.hub.requests


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no list `repositories`"),
        ("repositories = []", "has no list `repositories`"),
        ("repositories = ['app']", "write OWNER/REPO, not 'app'"),
        ("repositories = [", "repositories.toml: "),
    ],
)
def test_a_list_that_is_none(
    tmp_path: Path, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "repositories.toml"
    path.write_text(text)
    assert main(["sweep", "--repositories", str(path)]) == USAGE
    assert words in capsys.readouterr().err
    assert main(["sweep"]) == USAGE


def test_the_table_is_in_columns() -> None:
    rows = [Row("a/b", 1, 0, 0, 12), Row("long/name", error="no answer")]
    assert table(rows).splitlines() == [
        "repository  opened  updated  closed  left  error",
        "a/b              1        0       0    12",
        "long/name        0        0       0     0  no answer",
    ]
