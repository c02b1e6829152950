"""One JSON object: a contract, whose version grows with every key.

Its schema: docs/report.schema.json.
"""

from __future__ import annotations

import json
from typing import Any

from codemods import __version__
from codemods.model import Failure, Finding
from codemods.report import Report

VERSION = 2


def render(report: Report) -> str:
    document = {
        "version": VERSION,
        "tool": {"name": "codemod", "version": __version__},
        "files": {
            "scanned": report.scanned,
            "changed": len(report.changed),
            "skipped": len(report.skipped),
            "failed": len(report.failed),
        },
        "findings": [finding(each) for each in report.findings],
        "errors": [
            *(error(each, each.message) for each in report.failures),
            *(error(each, f"skipped: {each.message}") for each in report.skipped),
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def finding(each: Finding) -> dict[str, Any]:
    return {
        "codemod": each.codemod,
        "path": each.path,
        "line": each.line,
        "column": each.column,
        "end_line": each.end_line,
        "end_column": each.end_column,
        "verdict": each.verdict,
        "urgent": each.urgent,
        "applied": each.applied,
        "message": each.message,
        "caveat": each.caveat,
        "reason": each.reason,
        "fingerprint": each.fingerprint,
        "before": each.before,
        "after": each.after,
        "cell": each.cell,
        "evidence": each.evidence.as_json if each.evidence else None,
    }


def error(each: Failure, message: str) -> dict[str, Any]:
    return {"path": each.path, "codemod": each.codemod, "message": message}
