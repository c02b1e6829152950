"""SARIF 2.1.0, which code scanning services and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

from codemods import __version__
from codemods.model import Failure, Finding, Replacement
from codemods.pages import page
from codemods.registry import Entry
from codemods.report import Report, told

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
FINGERPRINT = "codemod/v1"


def render(report: Report) -> str:
    names = [entry.name for entry in report.entries]
    silent = [
        {**result(each, report, names), "suppressions": [{"kind": "inSource"}]}
        for each in report.silenced
    ]
    run = {
        "tool": {"driver": driver(report)},
        "invocations": [invocation(report, names)],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "the directory that codemod was run in"}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            *(result(each, report, names) for each in report.findings),
            *silent,
        ],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def driver(report: Report) -> dict[str, Any]:
    return {
        "name": "codemod",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [rule(entry) for entry in report.entries],
    }


def rule(entry: Entry) -> dict[str, Any]:
    text = page(entry)
    return {
        "id": entry.name,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.title},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "warning"},
    }


def result(each: Finding, report: Report, names: list[str]) -> dict[str, Any]:
    """A finding; a fix, and a decline that cannot wait, is more than a note."""
    stale = report.written and each.path in report.changed
    minor = each.verdict == "declined" and not each.urgent
    return {
        "ruleId": each.codemod,
        **({"ruleIndex": names.index(each.codemod)} if each.codemod in names else {}),
        "level": "note" if minor else "warning",
        "message": {"text": told(each)},
        "locations": [{"physicalLocation": location(each)}],
        "partialFingerprints": {FINGERPRINT: each.fingerprint},
        "suppressions": [],
        **({} if stale else fixes(each)),
        "properties": {
            "verdict": each.verdict,
            "applied": each.applied,
            "urgent": each.urgent,
        },
    }


def location(each: Finding) -> dict[str, Any]:
    return {
        "artifactLocation": artifact(each.path),
        "region": {
            "startLine": each.line,
            "startColumn": each.column,
            "endLine": each.end_line,
            "endColumn": each.end_column,
        },
    }


def artifact(path: str) -> dict[str, str]:
    return {"uri": quote(os.fsencode(path)), "uriBaseId": ROOT}


def fixes(each: Finding) -> dict[str, Any]:
    """What can be done about a finding, by places of the file as it was read."""
    if each.rewrite is None or each.verdict == "declined":
        return {}
    change = {
        "artifactLocation": artifact(each.path),
        "replacements": [replacement(edit) for edit in each.rewrite.edits],
    }
    text = f"unsafe: {each.caveat}" if each.caveat else "safe: nothing else changes"
    return {"fixes": [{"description": {"text": text}, "artifactChanges": [change]}]}


def replacement(edit: Replacement) -> dict[str, Any]:
    return {
        "deletedRegion": {
            "startLine": edit.line,
            "startColumn": edit.column,
            "endLine": edit.end_line,
            "endColumn": edit.end_column,
        },
        "insertedContent": {"text": edit.text},
    }


def invocation(report: Report, names: list[str]) -> dict[str, Any]:
    return {
        "executionSuccessful": not report.failures,
        "toolExecutionNotifications": [
            *(notification(each, "error", names) for each in report.failures),
            *(notification(each, "note", names) for each in report.skipped),
        ],
    }


def notification(each: Failure, level: str, names: list[str]) -> dict[str, Any]:
    about = {"associatedRule": {"id": each.codemod}} if each.codemod in names else {}
    place = {"physicalLocation": {"artifactLocation": artifact(each.path)}}
    return {
        "level": level,
        "message": {"text": each.message},
        "locations": [place],
        **about,
    }
