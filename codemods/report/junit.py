"""JUnit XML, which continuous integration shows as tests: one case a finding.

What a run would fix, or fixed, fails; what is left is skipped, with its reason; what
could not be done is an error. A codemod that found nothing is a case that passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as xml

from codemods.model import Failure, Finding
from codemods.report import Report, told, why

# What XML 1.0 cannot hold, escaped or not.
UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    names = {entry.name for entry in report.entries}
    names |= {each.codemod for each in report.findings}
    names |= {each.codemod or "" for each in report.failures}
    suites = [suite(name, report) for name in sorted(names)]
    root = xml.Element("testsuites", {"name": "codemod"}, **totals(suites))
    root.set("time", f"{report.seconds:.3f}")
    root.extend(suites)
    xml.indent(root)
    return xml.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def suite(name: str, report: Report) -> xml.Element:
    """A codemod's suite; what is wrong with a file as a whole has one of its own."""
    cases = [case_of(each) for each in report.findings if each.codemod == name]
    failures = (each for each in report.failures if (each.codemod or "") == name)
    cases += [error_of(each) for each in failures]
    cases = cases or [case("codemod", "nothing found")]
    element = xml.Element("testsuite", {"name": name or "codemod", **counts(cases)})
    element.extend(cases)
    return element


def case_of(each: Finding) -> xml.Element:
    element = case(each.path, f"{each.line}:{each.column} {each.message}")
    if each.applied:
        add(element, "failure", told(each), each)
    else:
        add(element, "skipped", why(each) or each.message, each)
    return element


def error_of(each: Failure) -> xml.Element:
    element = case(each.path, "read, judged and written")
    xml.SubElement(element, "error", message=fit(each.message), type="error")
    return element


def case(path: str, name: str) -> xml.Element:
    return xml.Element(
        "testcase", classname=fit(path), name=fit(name), file=fit(path), time="0"
    )


def add(element: xml.Element, kind: str, message: str, each: Finding) -> None:
    child = xml.SubElement(element, kind, message=fit(message), type=each.verdict)
    child.text = fit(each.before)


def counts(cases: Sequence[xml.Element]) -> dict[str, str]:
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = {key: having(cases, kind) for key, kind in kinds.items()}
    return {"tests": str(len(cases)), **{key: str(n) for key, n in numbers.items()}}


def having(cases: Iterable[xml.Element], kind: str) -> int:
    return sum(case.find(kind) is not None for case in cases)


def totals(suites: Sequence[xml.Element]) -> dict[str, str]:
    keys = ("tests", "failures", "errors")
    return {key: str(sum(int(each.get(key, 0)) for each in suites)) for key in keys}


def fit(text: str) -> str:
    """Text that XML can hold, whatever a file is called."""
    return UNFIT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
