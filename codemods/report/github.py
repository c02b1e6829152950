"""Workflow commands, which GitHub shows as annotations beside the code.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from codemods.model import Finding
from codemods.report import Report, told

# `%` first: the others bring it in.
DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
PROPERTY = (*DATA, (":", "%3A"), (",", "%2C"))


def render(report: Report) -> str:
    lines = [annotation(each) for each in report.findings]
    lines += [
        command("error", each.message, file=each.path, title=each.codemod or "codemod")
        for each in report.failures
    ]
    lines += [
        command("notice", each.message, file=each.path, title="skipped")
        for each in report.skipped
    ]
    return "".join(f"{line}\n" for line in lines)


def annotation(each: Finding) -> str:
    """A fix, and a decline that cannot wait, warn; other declines are a notice."""
    return command(
        "warning" if each.verdict != "declined" or each.urgent else "notice",
        told(each),
        file=each.path,
        line=each.line,
        endLine=each.end_line,
        col=each.column,
        endColumn=each.end_column,
        title=f"{each.codemod} ({each.verdict})",
    )


def command(level: str, message: str, **properties: str | int) -> str:
    pairs = (f"{key}={escaped(str(v), PROPERTY)}" for key, v in properties.items())
    return f"::{level} {','.join(pairs)}::{escaped(message, DATA)}"


def escaped(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    for mark, code in marks:
        text = text.replace(mark, code)
    return text
