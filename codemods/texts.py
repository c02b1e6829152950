"""Files that are no Python: a codemod may tell what is in them; nothing is changed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from codemods.fingerprint import Fingerprints
from codemods.model import Finding, OptionValue, Remark, Source
from codemods.outcome import Outcome, digest
from codemods.registry import Entry
from codemods.workers import Task

Reader = Callable[[str, Mapping[str, OptionValue]], Iterable[Remark]]
# As `suppress` reads it, behind the comment signs of SQL.
IGNORED = re.compile(r"(?:--|#|/\*)\s*codemod:\s*ignore(?:\[([^\]]*)\])?")


def judged_text(entries: Sequence[Entry], task: Task, source: Source) -> Outcome:
    """What the codemods of a task have to say of a file, in order."""
    text = source.code.decode("utf-8")
    suffix = os.path.splitext(source.path)[1].lower()
    found: list[Finding] = []
    suppressed = 0
    for entry in entries:
        if entry.name not in task.names:
            continue
        for each in findings(entry, suffix, source.path, text, task):
            if is_ignored(text, each):
                suppressed += 1
            elif task.lines is None or each.line in task.lines:
                found.append(each)
    found.sort(key=lambda each: (each.line, each.column, each.codemod))
    return Outcome(
        source.path,
        findings=tuple(found),
        suppressed=suppressed,
        digest=digest(source.data),
    )


def findings(
    entry: Entry, suffix: str, path: str, text: str, task: Task
) -> Iterator[Finding]:
    module, _, name = entry.readers[suffix].partition(":")
    read: Reader = getattr(import_module(module), name)
    options = {**entry.options, **task.options.get(entry.name, {})}
    fingerprints = Fingerprints()
    for remark in read(text, options):
        spot = text[remark.start : remark.end]
        line, column = place(text, remark.start)
        end_line, end_column = place(text, remark.end)
        yield Finding(
            codemod=entry.name,
            path=path,
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            verdict="declined",
            applied=False,
            message=remark.message,
            caveat=None,
            reason=remark.reason,
            fingerprint=fingerprints.of(entry.name, spot, remark.start),
            before=spot,
            after=None,
            urgent=remark.urgent,
        )


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def is_ignored(text: str, finding: Finding) -> bool:
    """Whether a comment in its lines, or in the line before, says to leave it alone."""
    lines = text.split("\n")[max(finding.line - 2, 0) : finding.end_line]
    for match in IGNORED.finditer("\n".join(lines)):
        names = match[1]
        if names is None or finding.codemod in re.split(r"[,\s]+", names.strip()):
            return True
    return False
