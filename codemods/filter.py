"""`codemod run NAMES -`: standard input, rewritten, to standard output."""

from __future__ import annotations

import sys
import time

from codemods.discovery import shown
from codemods.model import Source
from codemods.outcome import Outcome
from codemods.project import Change, wanted
from codemods.run import exit_code, report_of, requested, show_diff
from codemods.telling import is_preview, shows_diff, tell, write_summary
from codemods.work import judged_source
from codemods.workers import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from codemods.project import Request

UNNAMED = "stdin.py"


def run_filter(given: Namespace) -> int:
    """Judge standard input; the exit code.

    The text comes out, changed or not, unless a diff or JSON is asked for: it stands
    in a pipe or an editor, where nothing may be lost.
    """
    began = time.monotonic()
    path = shown(given.stdin_filename or UNNAMED)
    request = requested(given, [path])
    before = sys.stdin.buffer.read()
    outcome = outcome_of_text(request, path, before)
    after = outcome.patch.applied(before) if outcome.patch else before
    report = report_of([outcome], scanned=1)._replace(
        seconds=time.monotonic() - began,
        written=not is_preview(given),
        entries=request.entries,
    )
    if given.output_format != "text":
        tell(given, report)
        return exit_code(given, report)
    if shows_diff(given):
        if before != after:
            show_diff(Change(path, before, after, (0, 0)))
    elif not given.check:
        sys.stdout.buffer.write(after)
    write_summary(given, report, sys.stderr)
    return exit_code(given, report)


def outcome_of_text(request: Request, path: str, text: bytes) -> Outcome:
    names = wanted(request, path, text, (len(text), 0))
    if not names or request.config.excludes(path):
        return Outcome(path)
    effective = request.config.of(path)
    task = Task(
        path=path,
        size=len(text),
        follow=False,
        names=names,
        unsafe=effective.unsafe,
        options=effective.options,
        lines=None,
        details=request.details,
    )
    return judged_source(request.entries, task, Source(path, text))
