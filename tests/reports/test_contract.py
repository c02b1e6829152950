"""The JSON report and where reports go."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.command import ROOT, codemod
from tests.reports.project import report, written

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())


@pytest.mark.parametrize("more", [(), ("--unsafe-fixes",)])
def test_json_is_what_its_schema_says(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = report(written(tmp_path), "json", *more)
    jsonschema.validate(done.json, SCHEMA)
    assert [each["urgent"] for each in done.json["findings"]] == [
        *(False, False, False),
        True,
        False,
    ]


def test_a_report_in_a_file_leaves_the_summary_on_the_screen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("old(1)\n")
    arguments = ("run", "old-call", "--output-format", "json", "-o", "out.json")
    done = codemod(*arguments, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("old-call  1 fixed\n")
    document = json.loads((tmp_path / "out.json").read_text())
    assert document["files"]["changed"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "x"), "--output needs an --output-format other than text"),
        (
            ("--output-format", "json", "-o", "no/x"),
            "--output no/x: cannot be written",
        ),
        (("--output-format", "json", "-o", "."), "--output .: cannot be written"),
    ],
)
def test_a_report_that_cannot_be_written_is_said_before_anything_is_done(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "a.py").write_text("old(1)\n")
    done = codemod("run", "old-call", *arguments, cwd=tmp_path)
    assert (done.code, done.out, done.err) == (2, "", f"codemod: {message}\n")
    assert (tmp_path / "a.py").read_text() == "old(1)\n"
