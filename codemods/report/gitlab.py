"""A code quality report, which GitLab shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from codemods.model import Failure, Finding
from codemods.report import Report, told


def render(report: Report) -> str:
    """One JSON list: findings by place, then what could not be done."""
    issues = [
        *(issue_of_finding(each) for each in report.findings),
        *(issue_of_failure(each) for each in report.failures),
    ]
    return json.dumps(issues, indent=2) + "\n"


def issue_of_finding(each: Finding) -> dict[str, Any]:
    return issue(
        each.path, each.line, each.codemod, told(each), each.fingerprint, severity(each)
    )


def issue_of_failure(each: Failure) -> dict[str, Any]:
    return issue(
        each.path, 1, each.codemod or "codemod", each.message, each.message, "critical"
    )


def severity(each: Finding) -> str:
    """info, minor, major, critical or blocker: what cannot wait is major."""
    if each.urgent:
        return "major"
    return "info" if each.verdict == "declined" else "minor"


def issue(
    path: str, line: int, codemod: str, text: str, subject: str, severity: str
) -> dict[str, Any]:
    """An issue. GitLab drops one of two with one fingerprint, so it has the path."""
    parts = "\0".join((path, codemod, subject))
    return {
        "description": text,
        "check_name": codemod,
        "fingerprint": hashlib.sha256(
            parts.encode("utf-8", "surrogateescape")
        ).hexdigest(),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
