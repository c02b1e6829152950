"""The config of a repository: every mistake is named with its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import Settings
from bot.settings import SettingsError, load

NAMES = ("iterrows", "shell-true")


def loaded(folder: Path, text: str, name: str = "pyproject.toml") -> Settings:
    (folder / name).write_text(text)
    return load(str(folder), NAMES)


def test_all_keys(tmp_path: Path) -> None:
    text = """[tool.codemod-bot]
select = ["iterrows"]
unsafe = ["iterrows"]
base = "next"
draft = true
max-files = 3
max-changes = 7
max-open = 2
max-new-a-day = 1
split = "owner"
labels = ["codemod"]
reviewers = ["ann", "org/team"]
assignees = ["bob"]
"""
    assert loaded(tmp_path, text) == Settings(
        select=("iterrows",),
        unsafe=("iterrows",),
        base="next",
        draft=True,
        max_files=3,
        max_changes=7,
        max_open=2,
        max_new_a_day=1,
        split="owner",
        labels=("codemod",),
        reviewers=("ann", "org/team"),
        assignees=("bob",),
    )


def test_a_file_of_its_own_comes_first(tmp_path: Path) -> None:
    loaded(tmp_path, "[tool.codemod-bot]\nmax-open = 9\n")
    own = loaded(tmp_path, "[tool.codemod-bot]\nmax-open = 1\n", ".codemod.toml")
    assert own.max_open == 1


def test_nothing_asked(tmp_path: Path) -> None:
    assert load(str(tmp_path), NAMES) == Settings()
    assert loaded(tmp_path, "[tool.black]\nbroken") == Settings()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max-file = 1", "has no key 'max-file'; did you mean 'max-files'?"),
        ("max_files = 1", "has no key 'max_files'"),
        ("max-files = 0", "max-files must be from 1 to 300, not 0"),
        ("max-files = '1'", "max-files must be a whole number, not '1'"),
        ("max-files = true", "max-files must be a whole number, not True"),
        ("draft = 1", "draft must be true or false, not 1"),
        ("select = 'iterrows'", "select must be a list of strings"),
        ("select = ['iterows']", "select: no codemod is called 'iterows'"),
        ("split = 'file'", "split must be 'folder' or 'owner', not 'file'"),
        ("labels = 'a'", "labels must be a list of strings"),
        ("select = [", "not TOML"),
    ],
)
def test_mistakes(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        loaded(tmp_path, f"[tool.codemod-bot]\n{line}\n")
    assert str(error.value).startswith("pyproject.toml: ")
    assert message in str(error.value)
