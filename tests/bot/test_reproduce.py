"""What the body says under "Reproduce" makes the branch, byte by byte."""

from __future__ import annotations

import html
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import FAILED, main
from tests.bot.build import tick
from tests.bot.remote import Work, git
from tests.bot.test_run import NAME, ONE, THREE, TWO, body, keys, run

# The caveat is that the frame may have no such column.
UNSAFE = """\
import pandas as pd


def four(frame: pd.DataFrame) -> list[object]:
    return [row["price"] for _, row in frame.iterrows()]
"""


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path)
    work.write(app__one_py=ONE, app__two_py=TWO, app__three_py=THREE)
    work.write(app__four_py=UNSAFE, app__five_py=UNSAFE.replace("price", "size"))
    work.push()
    return work


def follow(work: Work, path: Path | None = None, branch: str = NAME) -> str:
    """Do what the body says, in a clone; what differs from the branch then."""
    text = html.unescape((path or body(work)).read_text())
    _, _, block = text.partition("```console\n")
    lines = block.partition("\n```")[0].replace("$ ", "").split("\n")
    assert lines[0].startswith("pip install codemod==")
    clone = work.path.parent / "clone" / branch
    git(work.path.parent, "clone", "-q", str(work.bare), str(clone))
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-ec", "\n".join(lines[1:])],
        cwd=clone,
        env={**os.environ, "PATH": programs},
        check=True,
        capture_output=True,
    )
    return git(clone, "diff", f"origin/{branch}")


def configured(work: Work, text: str) -> None:
    (work.path / "pyproject.toml").write_text(f"[tool.codemod-bot]\n{text}\n")
    work.push()


def test_all_that_is_safe(work: Work) -> None:
    run(work)
    assert "codemod run iterrows\n" in body(work).read_text()
    assert follow(work) == ""


def test_all(work: Work) -> None:
    configured(work, 'unsafe = ["iterrows"]')
    run(work)
    assert "codemod run iterrows --unsafe-fixes\n" in body(work).read_text()
    assert follow(work) == ""


def test_without_what_was_turned_down(work: Work) -> None:
    run(work)
    text = tick(body(work).read_text(), keys(work)["app/one.py"], on=False)
    body(work).write_text(text)
    run(work)
    assert "codemod-bot reproduce iterrows" in body(work).read_text()
    assert follow(work) == ""


def test_no_more_than_the_limits_allow(work: Work) -> None:
    configured(work, "max-files = 1")
    run(work)
    assert follow(work) == ""


def test_one_folder_of_two(work: Work) -> None:
    work.write(other__six_py=ONE.replace("price", "weight"))
    configured(work, 'split = "folder"')
    run(work)
    folder = body(work).parent
    for path in folder.iterdir():
        branch = path.name.removesuffix(".md")
        assert follow(work, path, f"codemod/{branch}") == ""
    assert len(list(folder.iterdir())) == 2


def test_with_one_unsafe_change_of_two(work: Work) -> None:
    run(work)
    text = tick(body(work).read_text(), keys(work)["app/four.py"], on=True)
    body(work).write_text(text)
    run(work)
    changed = git(work.bare, "diff", "--name-only", "main", NAME).split()
    assert changed == ["app/four.py", "app/one.py", "app/three.py", "app/two.py"]
    assert follow(work) == ""


def test_a_key_of_nothing(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    key = f"{1:016x}.{2:08x}"
    folder = str(work.path)
    assert main(["reproduce", "iterrows", key, "--folder", folder]) == FAILED
    assert "the right commit?" in capsys.readouterr().err
    assert git(work.path, "status", "--porcelain") == ""
