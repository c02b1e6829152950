"""The engine on a notebook: one program made of its cells, and the way back."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from codemods import engine
from codemods.engine import Settings
from codemods.model import Codemod, Failure, Finding, Result, Source, SourceError
from codemods.notebooks.cells import Cell, Notebook, read
from codemods.notebooks.magics import standing

MARK = "# notebook cell {}\n"
SHOWN = "notebook_shows = "
DISPLAYED = "its value is what the cell shows"


class Hidden(LookupError):
    """The expression whose value a cell shows would no longer be there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A cell in the program: the line before its first, and what stands for what.

    `shown` is the line of its code, from 1, on which the expression begins whose value
    the notebook shows; 0 for none.
    """

    cell: Cell
    code: str
    instead: dict[str, str]
    before: int
    shown: int
    closed: bool
    error: str | None


@dataclass(frozen=True)
class Program:
    """The code of a notebook's cells in their order."""

    notebook: Notebook
    parts: tuple[Part, ...]

    @property
    def code(self) -> str:
        return "".join(MARK.format(p.cell.number) + p.code for p in self.parts)

    @property
    def notes(self) -> list[str]:
        return [f"cell {p.cell.number}: {p.error}" for p in self.parts if p.error]

    def part(self, line: int) -> Part:
        return next(each for each in reversed(self.parts) if each.before < line)

    def finding(self, finding: Finding) -> Finding:
        """A finding by its places in the notebook's text."""
        part = self.part(finding.line)
        start = self.place(part, finding.line, finding.column)
        end = self.place(part, finding.end_line, finding.end_column)
        return dataclasses.replace(
            finding,
            line=start[0],
            column=start[1],
            end_line=end[0],
            end_column=end[1],
            before=self.original(finding.before),
            after=finding.after and self.original(finding.after),
            cell=part.cell.number,
            rewrite=None,  # it is of the program, not of the notebook
        )

    def displayed(self, findings: Sequence[Finding]) -> frozenset[str]:
        """The fingerprints of the fixes made where a cell's value is shown."""
        shown = {part.before + part.shown for part in self.parts if part.shown}
        return frozenset(
            each.fingerprint
            for each in findings
            if each.applied and any(each.line <= at <= each.end_line for at in shown)
        )

    def place(self, part: Part, line: int, column: int) -> tuple[int, int]:
        if line - part.before == part.shown:
            column = max(1, column - len(SHOWN))
        return self.notebook.place(part.cell, line - part.before, column)

    @cached_property
    def instead(self) -> dict[str, str]:
        return {line: was for part in self.parts for line, was in part.instead.items()}

    def original(self, code: str) -> str:
        """Lines of the program as a person wrote them."""
        lines = [
            f"{line[: len(line) - len(line.lstrip())]}{self.instead[line.strip()]}"
            if line.strip() in self.instead
            else line.removeprefix(SHOWN)
            for line in code.splitlines()
        ]
        return "\n".join(lines) + ("\n" if code.endswith("\n") else "")

    def cells_of(self, code: str) -> dict[int, str]:
        """The cells that differ in the program's new code.

        Raises LookupError where the cells or what stands for magics are not all there.
        """
        changed: dict[int, str] = {}
        rest = code
        if self.parts and not code.startswith(MARK.format(self.parts[0].cell.number)):
            raise LookupError("something is to stand before the first cell")
        for at, part in enumerate(self.parts):
            _, found, rest = rest.partition(MARK.format(part.cell.number))
            more = self.parts[at + 1 :]
            end = rest.find(MARK.format(more[0].cell.number)) if more else len(rest)
            if not found or end < 0:
                raise LookupError(f"cell {part.cell.number} is gone")
            own = rest[:end]
            if own == part.code:
                continue
            if part.closed:
                raise LookupError(f"cell {part.cell.number} is not Python")
            stripped = [line.strip() for line in own.splitlines()]
            if any(stripped.count(line) != 1 for line in part.instead):
                raise LookupError(f"a magic of cell {part.cell.number} is gone")
            if own.count(SHOWN) != bool(part.shown):
                raise Hidden(DISPLAYED)
            new = self.original(own)
            ended = part.cell.code.endswith("\n")
            changed[part.cell.number] = new if ended else new.removesuffix("\n")
        return changed


def program(notebook: Notebook) -> Program:
    parts: list[Part] = []
    line = 0
    for cell in notebook.cells:
        made = standing(cell.code, str(cell.number))
        if made.closed and made.error is None and "exec(" not in made.code:
            continue  # of another language, and none of the program's matter
        code = made.code
        if code and not code.endswith("\n"):
            code += "\n"
        code, shown = marked(code)
        line += 1
        parts.append(
            Part(cell, code, made.instead, line, shown, made.closed, made.error)
        )
        line += code.count("\n")
    return Program(notebook, tuple(parts))


def marked(code: str) -> tuple[str, int]:
    """Code whose last expression is one that is used, and the line on which it is."""
    body = ast.parse(code).body
    if not body or not isinstance(body[-1], ast.Expr):
        return code, 0
    last = body[-1]
    lines = code.splitlines(keepends=True)
    tail = "".join(lines[(last.end_lineno or 1) - 1 :])
    after = tail.encode()[last.end_col_offset :].decode().strip()
    magic = "# notebook line" in lines[last.lineno - 1]
    if last.col_offset or after.startswith(";") or magic:
        return code, 0
    lines[last.lineno - 1] = SHOWN + lines[last.lineno - 1]
    return "".join(lines), last.lineno


def code_of(data: bytes) -> bytes:
    """The program of a notebook, to see which words it has; none where it has none."""
    try:
        return program(read(Source("", data).code.decode("utf-8"))).code.encode("utf-8")
    except SourceError:
        return data


def run(
    source: Source, codemods: Sequence[Codemod], settings: Settings
) -> tuple[Result, str | None]:
    """`engine.run` on a notebook, and what a person should be told of its cells."""
    try:
        notebook = read(source.code.decode("utf-8"))
    except SourceError as error:
        where = f"line {error.line}: " if error.line else ""
        return Result(source, source, skipped=f"{where}{error.message}"), None
    made = program(notebook)
    note = f"{source.path}: left alone: {'; '.join(made.notes)}" if made.notes else None
    return settled(made, source, codemods, within(made, settings)), note


def within(made: Program, settings: Settings) -> Settings:
    """Settings by the lines of the program instead of those of the notebook."""
    if settings.lines is None:
        return settings
    lines = {
        part.before + line
        for part in made.parts
        for line in range(1, part.code.count("\n") + 1)
        if made.notebook.place(part.cell, line, 1)[0] in settings.lines
    }
    return dataclasses.replace(settings, lines=frozenset(lines))


def settled(
    made: Program, source: Source, codemods: Sequence[Codemod], settings: Settings
) -> Result:
    inner = Source(source.path, made.code.encode("utf-8"))
    result = engine.run(inner, codemods, settings)
    hidden: frozenset[str] = frozenset()
    failures = result.failures
    changed: dict[int, str] = {}
    try:
        changed = made.cells_of(result.after.data.decode("utf-8"))
    except Hidden:
        hidden = made.displayed(result.findings)
        asked = {**settings.asked, **dict.fromkeys(hidden, False)}
        result = engine.run(inner, codemods, dataclasses.replace(settings, asked=asked))
    try:
        changed = made.cells_of(result.after.data.decode("utf-8"))
    except LookupError as error:
        failure = Failure(source.path, None, f"left alone: {error.args[0]}")
        failures = (*result.failures, failure)
        changed = {}
    lost = len(failures) > len(result.failures)
    findings = [
        dataclasses.replace(made.finding(each), applied=each.applied and not lost)
        for each in result.findings
    ]
    after = source
    if changed:
        after = source.with_code(made.notebook.with_code(changed).encode("utf-8"))
    return dataclasses.replace(
        result,
        source=source,
        after=after,
        findings=tuple(declined(f) if f.fingerprint in hidden else f for f in findings),
        silenced=tuple(map(made.finding, result.silenced)),
        failures=failures,
    )


def declined(finding: Finding) -> Finding:
    return dataclasses.replace(
        finding, verdict="declined", caveat=None, reason=DISPLAYED, after=None
    )
