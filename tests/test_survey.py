"""A tree surveyed in memory, and single fixes asked for or against."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods import Result, UsageError, survey

LOOP = """\
import pandas as pd


def total(frame: pd.DataFrame) -> list[int]:
    found = []
    for _, row in frame.iterrows():
        found.append(row["price"])
    return found
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "one.py").write_text(LOOP)
    (tmp_path / "app" / "two.py").write_text(LOOP)
    (tmp_path / "plain.py").write_text("print(1)\n")
    return tmp_path


def by_path(root: Path, **given: object) -> dict[str, Result]:
    results = survey(str(root), "iterrows", **given)  # type: ignore[arg-type]
    return {result.source.path: result for result in results}


def test_paths_are_relative_and_nothing_is_written(tree: Path) -> None:
    found = by_path(tree, unsafe=True)
    assert sorted(found) == ["app/one.py", "app/two.py"]
    assert all(each.changed for each in found.values())
    assert [f.path for f in found["app/one.py"].findings] == ["app/one.py"]
    assert found["app/one.py"].source.data.decode() == LOOP
    assert (tree / "app" / "one.py").read_text() == LOOP


def test_one_fix_can_be_left_out_in_one_file(tree: Path) -> None:
    known = by_path(tree, unsafe=True)["app/one.py"].findings[0].fingerprint
    found = by_path(tree, unsafe=True, asked={"app/one.py": {known: False}})
    assert not found["app/one.py"].changed
    assert [f.applied for f in found["app/one.py"].findings] == [False]
    assert found["app/two.py"].changed


def test_one_unsafe_fix_can_be_asked_for(tree: Path) -> None:
    plain = by_path(tree)["app/one.py"]
    finding = plain.findings[0]
    assert finding.verdict == "unsafe"
    assert not plain.changed
    found = by_path(tree, asked={"app/one.py": {finding.fingerprint: True}})
    assert found["app/one.py"].changed
    assert [f.applied for f in found["app/one.py"].findings] == [True]
    assert not found["app/two.py"].changed


def test_an_unknown_codemod_is_refused(tree: Path) -> None:
    with pytest.raises(UsageError, match="no codemod is called 'iterows'"):
        list(survey(str(tree), "iterows"))
