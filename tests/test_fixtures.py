"""Every fixture keeps the promise of its name."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from codemods.testing.cases import Case
from codemods.testing.checks import (
    comes_out_as_written,
    second_run_changes_nothing,
    unsafe_only_when_asked,
)
from tests.cases import cases, codemod

CASES = cases()
IDS = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_comes_out_as_written(case: Case) -> None:
    assert list(comes_out_as_written(case, codemod(case.codemod))) == []


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_second_run_changes_nothing(case: Case) -> None:
    assert list(second_run_changes_nothing(case, codemod(case.codemod))) == []


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.unsafe],
    ids=[case.name for case in CASES if case.unsafe],
)
def test_unsafe_is_only_done_when_asked(case: Case) -> None:
    assert list(unsafe_only_when_asked(case, codemod(case.codemod))) == []


RUNS = [case for case in CASES if case.promise == "runs"]


@pytest.mark.parametrize("case", RUNS, ids=[case.name for case in RUNS])
def test_runs_the_same(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    seen = []
    for half, code in (("before", case.before), ("after", case.after)):
        home = tmp_path / half
        home.mkdir()
        script = tmp_path / f"{half}.py"
        script.write_text(code, encoding="utf-8")
        monkeypatch.chdir(home)
        seen.append((_outcome(script), capfd.readouterr().out, _files(home)))
    assert seen[0] == seen[1]
    assert seen[0][1] or seen[0][2], "a case that shows nothing proves nothing"


def _outcome(script: Path) -> str:
    """How a script ends: the class and text of what it raises, if it does."""
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as error:
        return f"exit {error.code}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "ended"


def _files(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }
