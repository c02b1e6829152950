"""The hooks, installed and run by the real pre-commit from a repository of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.command import ROOT, git, repository

LS = 'import subprocess\n\nsubprocess.run("ls -l", shell=True, check=True)\n'
FIXED = 'import subprocess\n\nsubprocess.run(["ls", "-l"], check=True)\n'
NEEDED = ("codemods", "bot")
FILES = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of this checkout, as one that hooks are taken from."""
    path = tmp_path_factory.mktemp("hooks")
    for name in NEEDED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, path / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, path / name)
    return repository(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it has installed: once for all tests."""
    return tmp_path_factory.mktemp("home")


def pre_commit(*arguments: str, cwd: Path, home: Path) -> tuple[int, str]:
    """pre-commit's exit code and what it says.

    Nothing is fetched: the hooks' environment sees the packages of this one, and only
    codemod itself is installed there, by pip from the repository.
    """
    here = sysconfig.get_path("purelib")
    alone = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    variables = {
        **{key: value for key, value in os.environ.items() if key != "FORCE_COLOR"},
        **alone,
        "PRE_COMMIT_HOME": str(home),
        "PRE_COMMIT_COLOR": "never",
        "PYTHONPATH": here,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def project(path: Path, hooks: Path, hook: str, code: str) -> Path:
    revision = git("rev-parse", "HEAD", cwd=hooks).strip()
    (path / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n"
    )
    (path / "a.py").write_text(code)
    (path / "notes.txt").write_text(code)
    return repository(path)


def test_the_manifest_is_one(hooks: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", FILES[-1]],
        cwd=hooks,
        check=False,
    )
    assert done.returncode == 0


def test_the_hook_makes_the_safe_fixes_and_fails_once(
    tmp_path: Path, hooks: Path, home: Path
) -> None:
    folder = project(tmp_path, hooks, "codemod", LS)
    code, said = pre_commit("run", "--all-files", cwd=folder, home=home)
    assert code == 1, said
    assert "files were modified by this hook" in said
    assert "shell-true  1 fixed" in said
    assert (folder / "a.py").read_text() == FIXED
    assert (folder / "notes.txt").read_text() == LS
    code, said = pre_commit("run", "--all-files", cwd=folder, home=home)
    assert code == 0, said


def test_the_check_changes_nothing(tmp_path: Path, hooks: Path, home: Path) -> None:
    folder = project(tmp_path, hooks, "codemod-check", LS)
    code, said = pre_commit("run", "--all-files", cwd=folder, home=home)
    assert code == 1, said
    assert "Would fix 1 place in 1 file" in said
    assert (folder / "a.py").read_text() == LS


def test_arguments_choose_codemods(tmp_path: Path, hooks: Path, home: Path) -> None:
    folder = project(tmp_path, hooks, "codemod\n    args: [iterrows]", LS)
    code, said = pre_commit("run", "--all-files", cwd=folder, home=home)
    assert code == 0, said
    assert (folder / "a.py").read_text() == LS


def test_a_commit_runs_it_on_what_is_staged(
    tmp_path: Path, hooks: Path, home: Path
) -> None:
    folder = project(tmp_path, hooks, "codemod", "x = 1\n")
    assert pre_commit("install", cwd=folder, home=home)[0] == 0
    (folder / "new.py").write_text(LS)
    git("add", "new.py", cwd=folder)
    code, said = pre_commit("run", cwd=folder, home=home)
    assert code == 1, said
    assert (folder / "new.py").read_text() == FIXED
