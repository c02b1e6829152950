"""CodeTF 3, the Code Transformation Format of codemodder.

https://codemodder.io/codetf/
"""

from __future__ import annotations

import json
from typing import Any

from codemods import __version__
from codemods.diff import hunks, lines
from codemods.model import Finding
from codemods.registry import Entry
from codemods.report import Report, told, why


def render(report: Report) -> str:
    entries = {entry.name: entry for entry in report.entries}
    results = [result(each, entries) for each in report.findings]
    results += [silent(each, entries) for each in report.silenced]
    run = {
        "vendor": "codemod",
        "tool": "codemod",
        "version": __version__,
        "elapsed": round(report.seconds * 1000),  # milliseconds
        "analysismetadata": {
            "scanned": report.scanned,
            "failures": [f"{each.path}: {each.message}" for each in report.failures],
        },
    }
    return json.dumps({"run": run, "results": results}, indent=2) + "\n"


def result(each: Finding, entries: dict[str, Entry]) -> dict[str, Any]:
    """A finding with its change: made, to be had on request, or refused."""
    found = {"finding": finding(each), "fixStatus": status(each)}
    if each.after is None:
        return found
    return {
        **found,
        "changeSets": [change_set(each)],
        "fixMetadata": metadata(each, entries.get(each.codemod)),
    }


def silent(each: Finding, entries: dict[str, Entry]) -> dict[str, Any]:
    reason = {"status": "wontfix", "reason": "a comment in the source silences it"}
    return {"finding": finding(each), "fixStatus": reason}


def finding(each: Finding) -> dict[str, Any]:
    rule = {"id": each.codemod, "name": each.codemod}
    return {"id": each.fingerprint, "rule": rule}


def status(each: Finding) -> dict[str, Any]:
    if each.applied:
        return {"status": "fixed"}
    if each.verdict == "declined":
        return {"status": "wontfix", "reason": why(each)}
    return {"status": "skipped", "reason": why(each) or "the file was left as it is"}


def change_set(each: Finding) -> dict[str, Any]:
    change = {
        "lineNumber": each.line,
        "description": told(each),
        "diffSide": "left",  # lines are counted in the file as it was read
    }
    diff = each.rewrite.diff if each.rewrite else diff_of_lines(each)
    return {"path": each.path, "diff": diff, "changes": [change]}


def diff_of_lines(each: Finding) -> str:
    """The diff of a fix that only another fix made possible: of its lines alone."""
    before, after = each.before.encode(), (each.after or "").encode()
    return b"".join(hunks(lines(before), lines(after))).decode()


def metadata(each: Finding, entry: Entry | None) -> dict[str, Any]:
    return {
        "id": f"codemod/{each.codemod}",
        "summary": entry.title if entry else each.message,
        "description": each.message,
        "references": [],
        "generation": {"strategy": "deterministic", "provisional": False},
    }
