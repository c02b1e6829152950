"""The reports: text for people, JSON for programs, annotations for GitHub."""

from __future__ import annotations

import json
from dataclasses import replace

from codemods import __version__
from codemods.model import Failure, Finding
from codemods.report import Report, github
from codemods.report import json as json_report
from codemods.report.text import Look, render

SAFE = Finding(
    codemod="old-call",
    path="a.py",
    line=1,
    column=5,
    end_line=2,
    end_column=8,
    verdict="safe",
    applied=True,
    message="`old` is deprecated",
    caveat=None,
    reason=None,
    fingerprint="0123456789abcdef",
    before="old(1)\n",
    after="new(1)\n",
)
UNSAFE = replace(
    SAFE, verdict="unsafe", applied=False, line=7, caveat="a second argument is lost"
)
LEFT = replace(
    SAFE,
    verdict="declined",
    applied=False,
    line=9,
    reason="`f(x)` is not in view",
    after=None,
)
URGENT = replace(LEFT, reason="`*` hides what is passed", urgent=True, line=12)


def lines(report: Report, look: Look = Look()) -> list[str]:  # noqa: B008
    return render(report, look).splitlines()


def test_nothing_found_is_one_line() -> None:
    assert render(Report(1204, seconds=0.42), Look()) == (
        "Nothing found (1,204 files, 0.4 s).\n"
    )


def test_urgent_comes_first_then_what_could_be_fixed_then_what_is_left() -> None:
    report = Report(
        3, changed=("a.py",), findings=(SAFE, UNSAFE, LEFT, URGENT), seconds=1.26
    )
    assert lines(report) == [
        "old-call  1 fixed, 1 more with --unsafe-fixes, 2 left",
        "   1  urgent: `*` hides what is passed",
        "      a.py:12",
        "   1  unsafe: a second argument is lost",
        "      a.py:7",
        "   1  left: `f(x)` is not in view",
        "      a.py:9",
        "",
        "Fixed 1 place in 1 file (3 files, 1.3 s).",
    ]


def test_equal_reasons_are_one_and_the_worst_file_comes_first() -> None:
    found = [
        replace(LEFT, path=path, line=line, reason=f"`{path}{line}` is not in view")
        for path, line in [("b.py", 1), ("c.py", 4), ("c.py", 2), ("d.py", 1)]
    ]
    assert lines(Report(5, findings=tuple(found)))[:5] == [
        "old-call  4 left",
        "   4  left: `…` is not in view",
        "      c.py:4 :2",
        "      b.py:1",
        "      d.py:1",
    ]


def test_reasons_that_differ_by_names_lines_and_numbers_are_one() -> None:
    reasons = (
        "`f()` (line 3) may raise anything",
        "`f()` (line 3), `g()` (line 14) and 5 more may raise anything",
        "`a` and `b` may raise anything",
    )
    found = tuple(replace(LEFT, reason=reason) for reason in reasons)
    assert lines(Report(1, findings=found))[1] == "   3  left: `…` may raise anything"
    assert reasons[1] in lines(Report(1, findings=found[1:2]))[1]


def test_beyond_the_worst_files_the_others_are_counted() -> None:
    found = tuple(replace(LEFT, path=f"{name}.py") for name in "abcde")
    assert lines(Report(5, findings=found))[2:6] == [
        "      a.py:9",
        "      b.py:9",
        "      c.py:9",
        "      and 2 more in 2 files",
    ]
    everything = lines(Report(5, findings=found), Look(every_place=True))
    assert everything[2:7] == [f"      {name}.py:9" for name in "abcde"]


def test_a_run_that_writes_nothing_says_would() -> None:
    report = Report(1, changed=("a.py",), findings=(SAFE,), written=False)
    assert lines(report)[-1] == "Would fix 1 place in 1 file (1 file, 0.0 s)."
    report = Report(1, findings=(LEFT,), written=False)
    assert lines(report)[-1] == "Would fix nothing (1 file, 0.0 s)."


def test_what_went_wrong_is_told_before_the_end() -> None:
    report = Report(
        2,
        failures=(Failure("a.py", "old-call", "crashed"), Failure("b.py", None, "no")),
        skipped=(Failure("c.py", None, "line 1: not valid Python"),),
        notes=("not formatted: black: no",),
        suppressed=2,
    )
    assert lines(report) == [
        "note: not formatted: black: no",
        "skipped: c.py: line 1: not valid Python",
        "error: a.py: crashed (old-call)",
        "error: b.py: no",
        "",
        "Nothing found, 2 suppressed by comments (2 files, 0.0 s).",
    ]


def test_colour_only_where_it_is_asked_for() -> None:
    report = Report(1, findings=(URGENT,))
    assert "\x1b" not in render(report, Look())
    assert "\x1b[31murgent:\x1b[0m" in render(report, Look(colour=True))


def test_long_reasons_are_wrapped_under_themselves() -> None:
    found = replace(UNSAFE, caveat="one two three four five six")
    assert lines(Report(1, findings=(found,)), Look(width=30))[1:4] == [
        "   1  unsafe: one two three",
        "              four five six",
        "      a.py:7",
    ]


def test_a_hostile_file_name_does_not_reach_the_terminal() -> None:
    text = render(Report(1, findings=(replace(LEFT, path="\x1b[2J\udce9.py"),)), Look())
    assert "\x1b" not in text
    assert r"\x1b[2J\udce9.py:9" in text


def test_json_holds_what_the_contract_lists_and_no_more() -> None:
    report = Report(
        scanned=4,
        changed=("a.py",),
        findings=(SAFE, URGENT),
        failures=(Failure("b.py", "old-call", "crashed"),),
        skipped=(Failure("c.py", None, "line 1: not valid Python"),),
        notes=("a note",),
    )
    assert json.loads(json_report.render(report)) == {
        "version": 2,
        "tool": {"name": "codemod", "version": __version__},
        "files": {"scanned": 4, "changed": 1, "skipped": 1, "failed": 1},
        "findings": [
            {
                "codemod": "old-call",
                "path": "a.py",
                "line": 1,
                "column": 5,
                "end_line": 2,
                "end_column": 8,
                "verdict": "safe",
                "urgent": False,
                "applied": True,
                "message": "`old` is deprecated",
                "caveat": None,
                "reason": None,
                "fingerprint": "0123456789abcdef",
                "before": "old(1)\n",
                "after": "new(1)\n",
                "cell": None,
                "evidence": None,
            },
            {
                "codemod": "old-call",
                "path": "a.py",
                "line": 12,
                "column": 5,
                "end_line": 2,
                "end_column": 8,
                "verdict": "declined",
                "urgent": True,
                "applied": False,
                "message": "`old` is deprecated",
                "caveat": None,
                "reason": "`*` hides what is passed",
                "fingerprint": "0123456789abcdef",
                "before": "old(1)\n",
                "after": None,
                "cell": None,
                "evidence": None,
            },
        ],
        "errors": [
            {"path": "b.py", "codemod": "old-call", "message": "crashed"},
            {
                "path": "c.py",
                "codemod": None,
                "message": "skipped: line 1: not valid Python",
            },
        ],
    }


def test_github_annotations() -> None:
    hostile = replace(LEFT, path="a,b:c%.py", reason="100%\nsure")
    report = Report(
        3,
        findings=(SAFE, UNSAFE, URGENT, hostile),
        failures=(Failure("b.py", None, "cannot be read"),),
        skipped=(Failure("c.py", None, "generated file"),),
    )
    assert github.render(report).splitlines() == [
        "::warning file=a.py,line=1,endLine=2,col=5,endColumn=8,"
        "title=old-call (safe)::`old` is deprecated",
        "::warning file=a.py,line=7,endLine=2,col=5,endColumn=8,"
        "title=old-call (unsafe)::`old` is deprecated: a second argument is lost",
        "::warning file=a.py,line=12,endLine=2,col=5,endColumn=8,"
        "title=old-call (declined)::`old` is deprecated: `*` hides what is passed",
        "::notice file=a%2Cb%3Ac%25.py,line=9,endLine=2,col=5,endColumn=8,"
        "title=old-call (declined)::`old` is deprecated: 100%25%0Asure",
        "::error file=b.py,title=codemod::cannot be read",
        "::notice file=c.py,title=skipped::generated file",
    ]
