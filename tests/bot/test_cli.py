"""The command: what it prints, and that a dry run is no more than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, USAGE, main
from tests.bot.remote import Work
from tests.bot.test_run import NAME, ONE


def arguments(work: Work, *more: str) -> list[str]:
    above = work.path.parent
    places = ["--cache", str(above / "cache"), "--bodies", str(above / "pulls")]
    return [
        "run",
        "--remote",
        str(work.bare),
        "--no-pull",
        "--even-if-idle",
        *places,
        *more,
    ]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path)
    work.write(app__one_py=ONE)
    work.push()
    return work


def test_a_dry_run_prints_the_plan_and_writes_nothing(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(work, "--dry-run")) == DONE
    out = capsys.readouterr().out
    assert f"open {NAME}: iterrows: " in out
    assert "### Before and after" in out
    assert list(work.tips()) == ["main"]
    assert not (work.path.parent / "pulls").exists()


def test_a_run_opens_and_the_next_leaves(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments(work, "--only", "iterrows")
    assert main(given) == DONE
    assert main(given) == DONE
    assert capsys.readouterr().out.splitlines() == [
        f"{NAME}: pull request 0 opened",
        f"{NAME}: left alone: up to date",
    ]


def test_a_broken_config_is_named_and_nothing_is_pushed(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    (work.path / "pyproject.toml").write_text("[tool.codemod-bot]\nselct = []\n")
    work.push()
    assert main(arguments(work)) == FAILED
    assert "has no key 'selct'; did you mean 'select'?" in capsys.readouterr().err
    assert list(work.tips()) == ["main"]
    assert main(["check-config", str(work.path)]) == USAGE


def test_a_remote_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = str(tmp_path / "cache")
    gone = str(tmp_path / "gone")
    given = ["run", "--remote", gone, "--no-pull", "--cache", cache]
    assert main(given) == FAILED
    assert "does not appear to be a git repository" in capsys.readouterr().err


def test_an_unknown_codemod(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(work, "--only", "iterows")) == USAGE
    assert "no codemod is called 'iterows'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["run"],
        ["run", "a/b", "--remote", "x", "--no-pull"],
        ["run", "--remote", "x"],
        ["run", "a/b", "--no-pull"],
        ["run", "a"],
    ],
)
def test_arguments_that_do_not_go_together(given: list[str]) -> None:
    assert main(given) == USAGE
