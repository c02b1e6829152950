"""Where a run's report goes, and what stands beside it."""

from __future__ import annotations

import sys

from codemods import files
from codemods.names import UsageError
from codemods.terminal import wants_colour, width_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import TextIO

    from codemods.report import Report

# Formats that tell each fix for itself, and what comments silence.
DETAILED = ("sarif", "codetf", "html")


def is_preview(given: Namespace) -> bool:
    return bool(given.dry_run or given.check)


def shows_diff(given: Namespace) -> bool:
    return bool(given.dry_run or given.diff) and given.output_format == "text"


def check_output(given: Namespace) -> None:
    """Raise UsageError where the report cannot go to a file that is asked for."""
    if given.output is None:
        return
    if given.output_format == "text":
        raise UsageError("--output needs an --output-format other than text")
    if not files.is_writable(given.output):
        raise UsageError(f"--output {given.output}: cannot be written")


def tell(given: Namespace, report: Report) -> None:
    """Print the report, or write it to a file and print its summary.

    Text beside a diff goes to standard error. Raises UsageError where the file cannot
    be written.
    """
    text = rendered(given.output_format, report)
    if text is None or given.output is not None:
        write_summary(given, report, sys.stderr if shows_diff(given) else sys.stdout)
    if text is None:
        return
    if given.output is None:
        sys.stdout.write(text)
        return
    try:
        files.write_text(given.output, text)
    except OSError as error:
        raise UsageError(f"--output {given.output}: {error.strerror}") from error


def rendered(name: str, report: Report) -> str | None:
    """The report in a format for programs; None for text, which is for people."""
    if name == "text":
        return None
    from importlib import import_module

    text: str = import_module(f"codemods.report.{name}").render(report)
    return text


def write_summary(given: Namespace, report: Report, stream: TextIO) -> None:
    from codemods.report import text

    every_place = given.verbose or is_preview(given)
    look = text.Look(wants_colour(stream), every_place, width_of(stream))
    sys.stdout.flush()
    if report.changed and shows_diff(given) and sys.stdout.isatty():
        stream.write("\n")  # apart from the diff above
    stream.write(text.render(report, look))
