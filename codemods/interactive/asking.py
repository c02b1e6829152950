"""One file, asked about fix by fix: what is answered is done to its text at once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from codemods.engine import Settings, run
from codemods.model import Codemod, Finding, Result, Source
from codemods.workers import Task


@dataclass(frozen=True, slots=True)
class Apply:
    """Make the fix; `all` makes every safe one that follows in the file."""

    all: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave it; `all` leaves every one that follows in the file."""

    all: bool = False


@dataclass(frozen=True, slots=True)
class Ignore:
    """Leave it for good: a comment with a reason is written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Put these lines where the fix's lines are."""

    code: str


Answer = Apply | Skip | Ignore | Edit | Literal["quit"]
Ask = Callable[[Finding, Result], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """A file after its questions: its new text, counts, and whether that was all."""

    result: Result
    applied: int = 0
    ignored: int = 0
    left: int = 0
    quit: bool = False


def asked(source: Source, codemods: Sequence[Codemod], task: Task, ask: Ask) -> Asked:
    """Ask about each fix of a file in turn, by its text as it then stands."""
    now = source
    skipped: set[str] = set()
    applied = ignored = left = 0
    rest: bool | None = None  # what is done about all that follows, once that is said
    while True:
        result = judged(now, codemods, task, ())
        waiting = [f for f in open_fixes(result) if f.fingerprint not in skipped]
        if not waiting:
            return Asked(of(source, now, result), applied, ignored, left)
        finding = waiting[0]
        before = now
        match by_rule(rest, finding) or ask(finding, result):
            case Apply(all=everything):
                now = judged(now, codemods, task, (finding.fingerprint,)).after
                applied += 1
                rest = True if everything else rest
            case Skip(all=everything):
                left += 1
                rest = False if everything else rest
            case Ignore(reason=reason):
                now = now.with_code(commented(now.code, finding, reason))
                ignored += 1
            case Edit(code=code):
                now = now.with_code(edited(now.code, finding, code))
                skipped.add(finding.fingerprint)
                applied += 1
            case "quit":
                final = of(source, now, result)
                return Asked(final, applied, ignored, left + len(waiting), quit=True)
        if now == before:
            skipped.add(finding.fingerprint)


def by_rule(rest: bool | None, finding: Finding) -> Answer | None:
    """The answer for all that follows, if there is one; unsafe fixes are asked for."""
    if rest is False:
        return Skip()
    return Apply() if rest and finding.caveat is None else None


def judged(
    source: Source, codemods: Sequence[Codemod], task: Task, made: Sequence[str]
) -> Result:
    """The findings, with just the fixes of some fingerprints made."""
    wishes = Chosen(made)
    settings = Settings(False, task.options, task.lines, wishes, details=True)
    return run(source, codemods, settings)


class Chosen(dict[str, bool]):
    """Wishes for every fix there may be: only the chosen ones are made."""

    def __init__(self, made: Sequence[str]) -> None:
        super().__init__(dict.fromkeys(made, True))

    def get(self, key: str, default: object = None) -> bool:
        return key in self


def open_fixes(result: Result) -> list[Finding]:
    """The fixes that can be made, by position."""
    return [each for each in result.findings if each.after is not None]


def of(source: Source, now: Source, result: Result) -> Result:
    return Result(source, now, result.findings, result.failures, result.skipped)


def commented(code: bytes, finding: Finding, reason: str) -> bytes:
    """The text with a suppression at the end of the finding's first line."""
    lines = code.split(b"\n")
    line = lines[finding.line - 1]
    ending = b"\r" if line.endswith(b"\r") else b""
    comment = f"  # codemod: ignore[{finding.codemod}] {reason}".rstrip()
    lines[finding.line - 1] = line.removesuffix(ending) + comment.encode() + ending
    return b"\n".join(lines)


def edited(code: bytes, finding: Finding, new: str) -> bytes:
    """The text with other lines where the finding's are.

    Raises SyntaxError where that is no Python, and LookupError where the lines are not
    to be found.
    """
    old = finding.before.encode()
    starts = [i for i in range(len(code)) if code.startswith(old, i)] if old else []
    lines = [code.count(b"\n", 0, at) + 1 for at in starts]
    at = next(
        (
            s
            for s, line in zip(starts, lines, strict=True)
            if line <= finding.line <= line + finding.before.count("\n")
        ),
        None,
    )
    if at is None:
        raise LookupError("its lines are not to be found")
    made = code[:at] + new.encode() + code[at + len(old) :]
    ast.parse(made)
    return made
