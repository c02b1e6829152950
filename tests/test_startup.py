"""What a run imports: start-up is paid by every file of every pre-commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import imported, repository

HEAVY = {
    *("libcst", "black", "rich", "shtab", "sqlglot", "pandas", "hashlib", "tokenize"),
    *("codemods.model", "codemods.engine", "codemods.facts", "codemods.pool"),
    *("dataclasses", "inspect", "multiprocessing", "shutil", "tomllib", "difflib"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("import os\n\n\ndef f(x):\n    return x + 1\n")
    return tmp_path


def too_much(*arguments: str, cwd: Path) -> set[str]:
    """What is imported of the heavy modules, apart from what entry points bring."""
    return HEAVY & imported(*arguments, cwd=cwd, plugins=False)


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("run", "--help"), ("list",)]
)
def test_help_imports_nothing_heavy(project: Path, arguments: tuple[str, ...]) -> None:
    assert too_much(*arguments, cwd=project) == set()


def test_a_run_without_candidates_imports_nothing_heavy(project: Path) -> None:
    assert too_much("run", "all", cwd=project) == set()
    assert too_much("run", "all", cwd=project) == set()  # with a cache to read
    repository(project)
    assert too_much("run", "all", cwd=project) == set()


def test_a_candidate_without_a_finding_is_judged_without_libcst(project: Path) -> None:
    (project / "a.py").write_text("for row in table.iterrows:\n    pass\n")
    loaded = imported("run", "iterrows", cwd=project, plugins=False)
    assert "codemods.engine" in loaded
    assert "libcst" not in loaded
    assert "black" not in loaded
