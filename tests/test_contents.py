"""Surveys that remember by content: the same answers, from fewer files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import codemods.work
from codemods import Result, survey
from codemods.outcome import Outcome
from tests.test_survey import LOOP

STYLE = "[tool.black]\nline-length = 20\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    above = tmp_path / "first"
    for name in ("one", "two"):
        write(above / "app" / f"{name}.py", LOOP)
    write(above / "plain.py", "print(1)\n")
    write(above / ".git", "")
    return above


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were judged, as they are."""
    names: list[str] = []
    judge = codemods.work.judged

    def noted(entries: object, task: object) -> Outcome:
        names.append(Path(task.path).name)  # type: ignore[attr-defined]
        return judge(entries, task)  # type: ignore[arg-type]

    monkeypatch.setattr(codemods.work, "judged", noted)
    return names


def looked(root: Path, **given: object) -> list[Result]:
    """What a survey with a memory finds: the same as one without."""
    cache = str(root.parent / "cache")
    found = list(survey(str(root), "iterrows", cache=cache, **given))  # type: ignore[arg-type]
    assert found == list(survey(str(root), "iterrows", **given))  # type: ignore[arg-type]
    return found


def moved(root: Path, name: str) -> Path:
    """The tree at another place, written anew."""
    other = root.parent / name
    shutil.copytree(root, other, copy_function=shutil.copyfile)
    return other


def remembered(root: Path, judged: list[str], **given: object) -> list[str]:
    """The files that a survey with a memory judges."""
    del judged[:]
    cache = str(root.parent / "cache")
    list(survey(str(root), "iterrows", cache=cache, **given))  # type: ignore[arg-type]
    return list(judged)


def test_a_tree_at_another_place_is_known(tree: Path, judged: list[str]) -> None:
    first = looked(tree, unsafe=True)
    second = moved(tree, "second")
    assert remembered(second, judged, unsafe=True) == []
    assert looked(second, unsafe=True) == first
    assert [each.source.path for each in first] == ["app/one.py", "app/two.py"]


def test_only_the_file_that_changed_is_judged(tree: Path, judged: list[str]) -> None:
    looked(tree)
    second = moved(tree, "second")
    write(second / "app" / "two.py", f"# moved down\n{LOOP}")
    assert remembered(second, judged) == ["two.py"]
    assert [each.findings[0].line for each in looked(second)] == [6, 7]


def test_a_file_that_comes_back_or_goes(tree: Path, judged: list[str]) -> None:
    looked(tree)
    (tree / "app" / "two.py").unlink()
    assert [each.source.path for each in looked(tree)] == ["app/one.py"]
    write(tree / "app" / "two.py", LOOP)
    assert remembered(tree, judged) == ["two.py"]


def test_equal_bytes_at_another_path_are_judged(tree: Path, judged: list[str]) -> None:
    """A config may say other things of that path."""
    looked(tree)
    (tree / "app" / "two.py").rename(tree / "app" / "three.py")
    assert remembered(tree, judged) == ["three.py"]


def test_wishes_are_part_of_the_question(tree: Path, judged: list[str]) -> None:
    key = looked(tree)[0].findings[0].fingerprint
    wish = {"app/one.py": {key: True}}
    assert [each.changed for each in looked(tree, asked=wish)] == [True, False]
    assert remembered(tree, judged, asked=wish) == []
    other = {"app/one.py": {key: False}}
    assert [each.changed for each in looked(tree, asked=other)] == [False, False]
    assert remembered(tree, judged) == []


def test_another_config_is_another_question(tree: Path, judged: list[str]) -> None:
    assert [each.changed for each in looked(tree)] == [False, False]
    write(tree / "pyproject.toml", "[tool.codemod]\nunsafe-fixes = true\n")
    assert [each.changed for each in looked(tree)] == [True, True]


def test_another_style_makes_another_change(tree: Path, judged: list[str]) -> None:
    write(tree / "app" / "pyproject.toml", "")
    before = looked(tree, unsafe=True)[0].after.data
    second = moved(tree, "second")
    write(second / "app" / "pyproject.toml", STYLE)
    assert remembered(second, judged, unsafe=True) == ["one.py", "two.py"]
    assert looked(second, unsafe=True)[0].after.data != before
    assert remembered(moved(second, "third"), judged, unsafe=True) == []


def test_a_suppression_that_comes_and_goes(tree: Path) -> None:
    looked(tree)
    line = "in frame.iterrows():"
    write(
        tree / "app" / "one.py",
        LOOP.replace(line, f"{line}  # codemod: ignore[iterrows]"),
    )
    assert [each.suppressed for each in looked(tree)] == [1, 0]
    write(tree / "app" / "one.py", LOOP)
    assert [each.suppressed for each in looked(tree)] == [0, 0]


@pytest.mark.parametrize("data", [b"", b"\0" * 100])
def test_a_broken_memory_is_made_anew(
    tree: Path, judged: list[str], data: bytes
) -> None:
    first = looked(tree)
    kept = [path for path in (tree.parent / "cache").iterdir() if len(path.name) == 8]
    for path in kept:
        path.write_bytes(data)
    assert looked(tree) == first
    assert remembered(tree, judged) == []
