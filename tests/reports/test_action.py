"""The GitHub Action: its form by GitHub's schema, its steps by running them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import ROOT, environment, git, repository

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, RUN = ACTION["runs"]["steps"]


@dataclass(frozen=True, slots=True)
class Step:
    """What a step left behind."""

    code: int
    out: str
    err: str
    summary: str


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """What GitHub's runner has: a temporary folder, with codemod where it is put."""
    programs = tmp_path / "runner" / "codemod" / "bin"
    programs.mkdir(parents=True)
    program = programs / "codemod"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codemods "$@"\n')
    program.chmod(0o755)
    return tmp_path / "runner"


def step(script: dict[str, Any], runner: Path, cwd: Path, **given: str) -> Step:
    """Run a step as GitHub does: inputs by its `env`, bash with -e and pipefail."""
    inputs = {name: str(each["default"]) for name, each in ACTION["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]], value)
        for name, value in script["env"].items()
    }
    summary = runner / "summary.md"
    summary.write_text("")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script["run"]],
        cwd=cwd,
        env=environment(
            RUNNER_TEMP=str(runner),
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_ACTION_PATH=str(ROOT),
            **variables,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    return Step(done.returncode, done.stdout, done.stderr, summary.read_text())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "it's a project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "a.py").write_text("old(1)\n")
    (folder / "b.py").write_text("old(1, 2)\n")
    return repository(folder)


def test_it_is_an_action_by_githubs_schema() -> None:
    schema = ("--builtin-schema", "vendor.github-actions")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(ROOT / "action.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_input_is_a_part_of_a_script() -> None:
    for script in (INSTALL, RUN):
        assert "${{" not in script["run"]


def test_findings_are_annotations_and_a_safe_fix_fails(
    project: Path, runner: Path
) -> None:
    done = step(RUN, runner, project, codemods="old-call")
    assert done.code == 1
    assert [line.partition(",")[0] for line in done.out.splitlines()] == [
        "::warning file=b.py",
        "::warning file=src/a.py",
    ]
    assert done.summary.startswith("```text\nold-call  1 fixed, 1 more")
    assert done.summary.endswith("```\n")
    assert git("status", "--porcelain", "--", "src", "b.py", cwd=project) == ""


@pytest.mark.parametrize(
    ("fail_on", "paths", "code"),
    [
        ("", ".", 0),
        ("unsafe", "src", 0),
        ("unsafe", "src\nb.py\n", 1),
        ("safe,unsafe", "nothing.py", 3),
        ("sure", ".", 2),
    ],
)
def test_the_policy_is_yours(
    project: Path, runner: Path, fail_on: str, paths: str, code: int
) -> None:
    done = step(RUN, runner, project, codemods="old-call", fail_on=fail_on, paths=paths)
    assert done.code == code


def test_only_lines_of_the_pull_request(project: Path, runner: Path) -> None:
    (project / "b.py").write_text("old(1, 2)\nold(3)\n")
    done = step(RUN, runner, project, codemods="old-call", since="HEAD")
    assert done.code == 1
    assert done.out.startswith("::warning file=b.py,line=2,")
    assert done.out.count("\n") == 1


def test_a_sarif_file_besides(project: Path, runner: Path) -> None:
    done = step(RUN, runner, project, codemods="old-call", sarif="out.sarif")
    assert done.code == 1
    [run] = json.loads((project / "out.sarif").read_text())["runs"]
    assert len(run["results"]) == 2


def test_inputs_are_data(project: Path, runner: Path) -> None:
    hostile = '$(touch pwned); "`touch pwned`'
    for name in ("codemods", "paths", "since", "fail_on"):
        done = step(RUN, runner, project, **{"codemods": "old-call", name: hostile})
        assert done.code in (1, 2, 3)
    assert not (project / "pwned").exists()


def test_it_installs_itself(tmp_path: Path) -> None:
    """pip is asked for the action's own folder; what it would fetch is here already."""
    alone = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", INSTALL["run"]],
        env={
            **os.environ,
            **alone,
            "PYTHON": sys.executable,
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_ACTION_PATH": str(ROOT),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "codemod" / "bin" / "codemod").exists()
