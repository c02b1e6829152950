"""Changed lines are formatted as their project does it, and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from codemods.formatting import style_of
from tests.command import Done, codemod, repository

# Formatters would change every one of these lines.
BEFORE = "a  = old( 1,k = 'v' )\nb  = 'x'\nc = old( 2 )   # why\nd  = {  }\n"
FORMATTED = "a = new(1, k=\"v\")\nb  = 'x'\nc = new(2)  # why\nd  = {  }\n"
AS_WRITTEN = BEFORE.replace("old", "new")
BLACK_HOOK = "repos:\n  - repo: x\n    hooks:\n      - id: black\n"
RUFF_HOOK = "repos:\n  - repo: x\n    hooks:\n    - id: ruff\n    - id: ruff-format\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(BEFORE)
    return tmp_path


def run(project: Path, *more: str) -> Done:
    return codemod("run", "old-call", *more, cwd=project)


@pytest.mark.parametrize(
    ("name", "text", "tool"),
    [
        (".pre-commit-config.yaml", BLACK_HOOK, "black"),
        (".pre-commit-config.yaml", RUFF_HOOK, "ruff"),
        (".pre-commit-config.yaml", "hooks:\n - id: 'ruff'\n", None),
        ("pyproject.toml", "[tool.black]\n", "black"),
        ("pyproject.toml", "[tool.ruff.format]\nquote-style = 'double'\n", "ruff"),
        ("pyproject.toml", "[tool.ruff]\nline-length = 88\n", None),
        ("pyproject.toml", "[tool.black]\n[tool.ruff.format]\n", "ruff"),
        ("ruff.toml", "[format]\n", "ruff"),
        ("ruff.toml", "[lint]\n", None),
        ("README", "[tool.black]\n", None),
    ],
)
def test_which_tool_a_project_formats_with(
    tmp_path: Path, name: str, text: str, tool: str | None
) -> None:
    (tmp_path / name).write_text(text)
    assert style_of(str(tmp_path)).tool == tool


def test_the_hook_decides_and_the_nearest_pyproject_configures(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / ".pre-commit-config.yaml").write_text(BLACK_HOOK)
    (tmp_path / "pyproject.toml").write_text("[tool.black]\n[tool.ruff.format]\n")
    (tmp_path / "pkg" / "pyproject.toml").write_text("[tool.black]\nline-length = 40\n")
    repository(tmp_path)
    style = style_of(str(tmp_path / "pkg"))
    assert style.tool == "black"
    assert style.pyproject == str(tmp_path / "pkg" / "pyproject.toml")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".pre-commit-config.yaml", BLACK_HOOK),
        ("pyproject.toml", "[tool.black]\n"),
        ("pyproject.toml", "[tool.ruff.format]\n"),
    ],
)
def test_changed_lines_are_formatted(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text)
    done = run(project)
    assert (done.code, done.err) == (0, "")
    assert "note:" not in done.out
    assert (project / "a.py").read_text() == FORMATTED


def test_without_a_sign_nothing_is_formatted(project: Path) -> None:
    run(project)
    assert (project / "a.py").read_text() == AS_WRITTEN


def test_the_config_of_black_is_obeyed(project: Path) -> None:
    config = "[tool.black]\nskip-string-normalization = true\nline-length = 16\n"
    (project / "pyproject.toml").write_text(config)
    run(project)
    assert (project / "a.py").read_text() == (
        "a = new(\n    1, k='v'\n)\nb  = 'x'\nc = new(\n    2\n)  # why\nd  = {  }\n"
    )


def test_what_black_excludes_is_left(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.black]\nextend-exclude = '/a.py'\n")
    run(project)
    assert (project / "a.py").read_text() == AS_WRITTEN


def test_bytes_outside_the_changed_lines_stay(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.black]\n")
    before = b"\xef\xbb\xbfa  = old( 1 )\r\n\x0cb  = '\xc3\xa9'\nc  = 2  \r\n\r\n\r\n"
    (project / "a.py").write_bytes(before)
    run(project)
    assert (project / "a.py").read_bytes() == before.replace(
        b"a  = old( 1 )", b"a = new(1)"
    )


def test_a_dry_run_shows_the_formatted_lines(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.black]\n")
    done = run(project, "--dry-run")
    assert '\n+a = new(1, k="v")\n' in done.out
    assert run(project, "--dry-run").out == done.out


def test_another_config_of_the_formatter_is_not_answered_from_the_cache(
    project: Path,
) -> None:
    (project / "pkg").mkdir()
    (project / "a.py").rename(project / "pkg" / "a.py")
    (project / "pkg" / "pyproject.toml").write_text("[tool.black]\n")
    repository(project)
    first = run(project, "--dry-run")
    config = "[tool.black]\nskip-string-normalization = true\n"
    (project / "pkg" / "pyproject.toml").write_text(config)
    assert run(project, "--dry-run").out == first.out.replace('k="v"', "k='v'")


def test_a_formatter_that_fails_is_told_once_and_the_fix_is_made(project: Path) -> None:
    (project / "b.py").write_text(BEFORE)
    (project / "pyproject.toml").write_text("[tool.black]\ntarget-version = ['py2']\n")
    done = run(project)
    assert done.code == 0
    assert done.out.count("note: changed lines are not formatted: black: ") == 1
    assert (project / "a.py").read_text() == AS_WRITTEN


def test_ruff_that_is_not_there_is_told(project: Path, tmp_path: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.ruff.format]\n")
    git = shutil.which("git")
    assert git is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)
    script = tmp_path / "bin" / "ruff"
    script.write_text("#!/bin/sh\necho 'no such option' >&2\nexit 2\n")
    script.chmod(0o755)
    done = codemod("run", "old-call", cwd=project, PATH=str(tmp_path / "bin"))
    assert done.code == 0
    assert "note: changed lines are not formatted: ruff: no such option\n" in done.out
    assert (project / "a.py").read_text() == AS_WRITTEN
