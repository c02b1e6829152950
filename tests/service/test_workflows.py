"""The workflows and the bot's action: by GitHub's schemas, and the step as it runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "bot" / "action" / "action.yml"
STEPS: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text())["runs"]["steps"]


def is_valid(schema: str, path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            schema,
            str(path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_one_by_githubs_schema(path: Path) -> None:
    is_valid("vendor.github-workflows", path)


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"^[^#\n]*\buses: (?!\./)(.+)$", path.read_text(), re.MULTILINE)
    for each in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", each), each


def test_the_pins_are_moved_on() -> None:
    is_valid("vendor.dependabot", ROOT / ".github" / "dependabot.yml")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_may_be_written_unless_a_job_says_so(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", "")


def test_the_bots_action_is_one() -> None:
    is_valid("vendor.github-actions", ACTION)
    for step in STEPS:
        assert "${{" not in step["run"]


def test_the_step_runs_the_bot_on_the_repository(tmp_path: Path) -> None:
    (tmp_path / "codemod-bot" / "bin").mkdir(parents=True)
    program = tmp_path / "codemod-bot" / "bin" / "codemod-bot"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[1]["run"]],
        cwd=ROOT,
        env={
            **os.environ,
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_REPOSITORY": "acme/data",
            "GITHUB_TOKEN": "a-token-of-nobody",
            "API": "http://127.0.0.1:9",  # nothing listens there
            "ONLY": "iterrows,shell-true",
            "DRY_RUN": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("codemod-bot: ")
    assert "a-token-of-nobody" not in done.stdout + done.stderr
