"""`codemod prove`, and what `codemod run --evidence` needs of it."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from codemods import discovery
from codemods.cache import Cache
from codemods.evidence.interpreters import interpreter
from codemods.evidence.proving import SECONDS, TRIALS, Proving, proven
from codemods.evidence.running import Runner
from codemods.evidence.sandbox import Sandbox
from codemods.names import UsageError
from codemods.project import outcomes
from codemods.report import receipts
from codemods.run import FAILED, report_of, requested
from codemods.terminal import width_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from codemods.outcome import Outcome
    from codemods.report import Report

REFUTED = 1


def prove(given: Namespace) -> int:
    """Run the fixes at places, tell what came of them; the exit code.

    Raises UsageError for a place that cannot be one.
    """
    began = time.monotonic()
    lines = lines_of(given.places)
    given.names, given.unsafe_fixes, given.jobs = given.codemod, False, 1
    given.since = None
    request = requested(given, list(lines))._replace(lines=lines)
    found = discovery.discover(list(lines), None)
    for path in found.missing:
        raise UsageError(f"{path}: no such file")
    stream = outcomes(request, found, Cache(None, b""))
    told = [each for each in proven(stream, request, proving(given)) if each]
    report = report_of([each.without_text() for each in told], len(found.paths))
    report = report._replace(seconds=time.monotonic() - began, written=False)
    tell(given, report)
    return exit_code(told)


def lines_of(places: Sequence[str]) -> dict[str, frozenset[int] | None]:
    """The lines asked for by path; None: all of them."""
    found: dict[str, frozenset[int] | None] = {}
    for place in places:
        path, colon, number = place.rpartition(":")
        if not colon or not number.isdecimal():
            path, number = place, ""
        if os.path.isdir(path):
            raise UsageError(f"{path}: name files; `run --evidence` takes directories")
        shown = discovery.shown(path)
        known = found.get(shown, frozenset())
        at_all = not number or known is None
        found[shown] = None if at_all else (known or frozenset()) | {int(number)}
    return found


def proving(given: Namespace) -> Proving:
    """What the command line asks for, of `prove` or `run`.

    Raises UsageError for an interpreter that cannot be used.
    """
    python = interpreter(given.python or sys.executable)
    sandbox = Sandbox(python, walls="none" if given.unsandboxed else "any")
    sandbox.check()
    runner = Runner(sandbox, getattr(given, "seed", None))
    number = getattr(given, "trials", TRIALS)
    seconds = getattr(given, "seconds", SECONDS)
    return Proving(runner, number=number, seconds=seconds)


def tell(given: Namespace, report: Report) -> None:
    if given.output_format == "json":
        from codemods.report import json

        sys.stdout.write(json.render(report))
        return
    for each in (*report.skipped, *report.failures):
        print(f"codemod: {each.path}: {each.message}", file=sys.stderr)
    told = receipts.render(report.findings, width_of(sys.stdout))
    sys.stdout.write(told or nothing(given.places))


def nothing(places: Sequence[str]) -> str:
    if any(lines_of(places).values()):
        return "Nothing found on these lines. Without :LINE, all of a file is taken.\n"
    return "Nothing found.\n"


def exit_code(told: Sequence[Outcome]) -> int:
    if any(each.failures for each in told):
        return FAILED
    differ = any(
        found.verdict == "declined"
        and found.evidence is not None
        and found.evidence.outcome == "difference"
        for each in told
        for found in each.findings
    )
    return REFUTED if differ else 0
