"""JUnit XML, read by junitparser."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped

from tests.reports.project import report, written


def test_junitparser_reads_every_kind_of_case(tmp_path: Path) -> None:
    report(written(tmp_path), "junit", "-o", "out.xml")
    xml = JUnitXml.fromfile(str(tmp_path / "out.xml"))
    assert (xml.tests, xml.failures, xml.errors) == (7, 2, 1)
    suites = {suite.name: list(suite) for suite in xml}
    [passed] = suites["iterrows"]
    assert (passed.name, passed.result) == ("nothing found", [])
    cases = [
        (case.classname, case.name.partition(" ")[0], type(case.result[0]))
        for case in suites["old-call"]
    ]
    assert cases == [
        ("a.py", "1:1", Failure),
        ("a.py", "2:1", Skipped),
        ("a.py", "3:1", Skipped),
        ("a.py", "4:1", Skipped),
        ("pkg/é ü.py", "1:10", Failure),
        ("crash.py", "read,", Error),
    ]
    assert [case.result[0].message for case in suites["old-call"]][1:4] == [
        "a second argument was ignored",
        "`old()` says nothing",
        "`*` hides what is passed",
    ]


def test_what_xml_cannot_hold_is_written_as_an_escape(tmp_path: Path) -> None:
    (tmp_path / "a\x1b&<'\">.py").write_text("old(1, '\f')\n")
    report(tmp_path, "junit", "-o", "out.xml")
    xml = JUnitXml.fromfile(str(tmp_path / "out.xml"))
    [case] = [case for suite in xml for case in suite if suite.name == "old-call"]
    assert case.classname == "a\\u001b&<'\">.py"
    assert case.result[0].text == "old(1, '\\u000c')\n"
