"""SARIF: held against the official schema, and read by sarif-tools.

`data/sarif-2.1.0.json` is the schema of OASIS as Microsoft's Sarif.Multitool ships it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sarif import loader

from tests.command import codemod
from tests.reports.project import FILES, report, written

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return written(tmp_path)


def valid(document: dict[str, Any]) -> dict[str, Any]:
    """The one run of a document, which is held against the schema."""
    jsonschema.validate(document, SCHEMA)
    [run] = document["runs"]
    return dict(run)


def made(code: str, fix: dict[str, Any]) -> str:
    """The code with a fix made, as a reader of the standard makes it."""
    [change] = fix["artifactChanges"]
    lines = code.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for each in reversed(change["replacements"]):
        region = each["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        code = code[:start] + each["insertedContent"]["text"] + code[end:]
    return code


def test_every_kind_of_finding_is_valid(project: Path) -> None:
    done = report(project, "sarif")
    assert done.code == 3
    run = valid(done.json)
    place = "locations", 0, "physicalLocation"
    told = []
    for each in run["results"]:
        where = each[place[0]][place[1]][place[2]]
        region = where["region"]
        uri = where["artifactLocation"]["uri"]
        span = region["startLine"], region["startColumn"], region["endColumn"]
        told.append((uri, span, each["level"], each["properties"]["verdict"]))
    assert told == [
        ("a.py", (1, 1, 7), "warning", "safe"),
        ("a.py", (2, 1, 10), "warning", "unsafe"),
        ("a.py", (3, 1, 6), "note", "declined"),
        ("a.py", (4, 1, 8), "warning", "declined"),
        ("pkg/%C3%A9%20%C3%BC.py", (1, 10, 16), "warning", "safe"),
        ("pkg/%C3%A9%20%C3%BC.py", (2, 1, 7), "warning", "safe"),
    ]


def test_rules_have_their_pages(project: Path) -> None:
    rules = valid(report(project, "sarif").json)["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == ["iterrows", "old-call"]
    assert rules[1]["shortDescription"]["text"] == (
        "A call of `old` becomes one of `new`."
    )
    assert rules[1]["help"]["markdown"].startswith("# old-call\n\nA call of `old`")
    results = valid(report(project, "sarif").json)["results"]
    assert {rules[each["ruleIndex"]]["id"] for each in results} == {"old-call"}


def test_fixes_can_be_made_one_by_one(project: Path) -> None:
    results = valid(report(project, "sarif").json)["results"]
    fixes = [each.get("fixes", [None])[0] for each in results]
    assert [made(FILES["a.py"], fix) for fix in fixes[:2]] == [
        "new(1)\nold(1, 2)\nold()\nold(*x)\n",
        "old(1)\nnew(1, 2)\nold()\nold(*x)\n",
    ]
    assert fixes[2:4] == [None, None]
    assert made(FILES["pkg/é ü.py"], fixes[4]).startswith("é = 'é', new(7)\r\n")
    assert [fix["description"]["text"] for fix in fixes[:2]] == [
        "safe: nothing else changes",
        "unsafe: a second argument was ignored",
    ]


def test_a_run_that_has_written_proposes_nothing_for_what_it_wrote(
    project: Path,
) -> None:
    (project / "unsafe.py").write_text("old(1, 2)\n")
    done = codemod("run", "old-call", "--output-format", "sarif", cwd=project)
    having = [each for each in valid(done.json)["results"] if "fixes" in each]
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in having
    ]
    assert uris == ["unsafe.py"]


def test_suppressions_and_fingerprints(project: Path) -> None:
    results = valid(report(project, "sarif").json)["results"]
    assert [each["suppressions"] for each in results] == [
        *([[]] * 5),
        [{"kind": "inSource"}],
    ]
    found = report(project, "json").json["findings"]
    assert [each["partialFingerprints"]["codemod/v1"] for each in results[:5]] == [
        each["fingerprint"] for each in found
    ]


def test_what_went_wrong_is_a_notification(project: Path) -> None:
    [invocation] = valid(report(project, "sarif").json)["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [
        (each["level"], each["message"]["text"].partition(":")[0])
        for each in invocation["toolExecutionNotifications"]
    ]
    assert told == [("error", "crashed at line 1"), ("note", "line 1")]


def test_sarif_tools_reads_it(project: Path) -> None:
    done = report(project, "sarif", "-o", "out.sarif")
    assert done.out.startswith("old-call  2 fixed, 1 more with --unsafe-fixes")
    file = loader.load_sarif_file(str(project / "out.sarif"))
    assert file.get_distinct_tool_names() == ["codemod"]
    counts = file.get_report().get_issue_count_for_severity
    assert [counts(level) for level in ("error", "warning", "note")] == [0, 5, 1]
    records = file.get_records()
    assert [(each["Location"], each["Line"], each["Code"]) for each in records] == [
        ("a.py", 1, "old-call"),
        ("a.py", 2, "old-call"),
        ("a.py", 3, "old-call"),
        ("a.py", 4, "old-call"),
        ("pkg/%C3%A9%20%C3%BC.py", 1, "old-call"),
        ("pkg/%C3%A9%20%C3%BC.py", 2, "old-call"),
    ]
