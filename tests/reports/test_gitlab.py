"""GitLab's code quality report: what its documentation asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from tests.reports.project import report, written

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": [
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        ],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": "^(\\./|/)"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def issues(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(report(folder, "gitlab").stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def test_findings_and_failures_have_their_severities(tmp_path: Path) -> None:
    told = [
        (each["location"]["path"], each["location"]["lines"]["begin"], each["severity"])
        for each in issues(written(tmp_path))
    ]
    assert told == [
        ("a.py", 1, "minor"),
        ("a.py", 2, "minor"),
        ("a.py", 3, "info"),
        ("a.py", 4, "major"),
        ("pkg/é ü.py", 1, "minor"),
        ("crash.py", 1, "critical"),
    ]


def test_equal_places_in_two_files_are_two(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("old(1)\nold(1)\n")
    assert len({each["fingerprint"] for each in issues(tmp_path)}) == 4
