"""A unified diff side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from codemods.model import Finding
from codemods.report.html.highlight import Span, classes, rendered

HEAD = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_ROWS = 120  # of a finding; the diff of a longer one is cut off
ALIKE = 0.5  # how much two lines must have in common for words to be marked
MOST_WORDS = 400  # of a line, from where on no single words are marked


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one side. `number` is None where it is not known."""

    number: int | None
    code: str
    html: str


Row = tuple[Line | None, Line | None]


def table_of(each: Finding) -> str:
    """What a fix changes, or the lines that a finding is about, as a table."""
    if each.verdict == "declined" or each.after is None:
        lines = shown_lines(each.before, each.line)
        return table([(line, line) for line in lines], "at", single=True)
    if each.rewrite is not None:
        return table(rows_of(each.rewrite.diff), "diff")
    before, after = shown_lines(each.before, None), shown_lines(each.after, None)
    return table(list(paired(before, after)), "diff")


def shown_lines(code: str, first: int | None) -> list[Line]:
    found = [line.rstrip("\r") for line in code.removesuffix("\n").split("\n")]
    return numbered(found, first)


def numbered(code: Sequence[str], first: int | None) -> list[Line]:
    return [
        Line(None if first is None else first + at, line, rendered(line, kinds))
        for at, (line, kinds) in enumerate(zip(code, classes(code), strict=True))
    ]


def rows_of(diff: str) -> list[Row]:
    """The rows of a diff as git writes it, its hunks apart by an empty row."""
    rows: list[Row] = []
    for head, lines in hunks(diff):
        old = numbered([text for sign, text in lines if sign != "+"], int(head[1]))
        new = numbered([text for sign, text in lines if sign != "-"], int(head[2]))
        rows += [(None, None)] if rows else []
        rows += aligned([sign for sign, _ in lines], iter(old), iter(new))
    return rows


def hunks(diff: str) -> Iterator[tuple[re.Match[str], list[tuple[str, str]]]]:
    head: re.Match[str] | None = None
    lines: list[tuple[str, str]] = []
    for line in diff.split("\n"):
        found = HEAD.match(line)
        if found:
            if head is not None:
                yield head, lines
            head, lines = found, []
        elif head is not None and line[:1] in (" ", "-", "+") and line:
            lines.append((line[0], line[1:].rstrip("\r")))
    if head is not None:
        yield head, lines


def aligned(
    signs: Sequence[str], old: Iterator[Line], new: Iterator[Line]
) -> list[Row]:
    """Lines that stay beside themselves, and those that go beside those that come."""
    rows: list[Row] = []
    gone: list[Line] = []
    come: list[Line] = []
    for sign in [*signs, " "]:
        if sign == "-" and come:
            rows += paired(gone, come)
            gone, come = [], []
        match sign:
            case "-":
                gone.append(next(old))
            case "+":
                come.append(next(new))
            case _:
                rows += paired(gone, come)
                gone, come = [], []
                stays = next(old, None), next(new, None)
                rows += [stays] if stays != (None, None) else []
    return rows


def paired(gone: Sequence[Line], come: Sequence[Line]) -> Iterator[Row]:
    for old, new in zip_longest(gone, come):
        if old is not None and new is not None:
            yield marked(old, new)
        else:
            yield old, new


def marked(old: Line, new: Line) -> tuple[Line, Line]:
    """Two lines with the words that differ marked, if they have any in common."""
    one, other = WORDS.findall(old.code), WORDS.findall(new.code)
    if len(one) + len(other) > MOST_WORDS:
        return old, new
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return old, new
    changes = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    here = [span_of(one, a1, a2) for a1, a2, _, _ in changes]
    there = [span_of(other, b1, b2) for _, _, b1, b2 in changes]
    return remade(old, here), remade(new, there)


def span_of(words: Sequence[str], start: int, end: int) -> Span:
    at = sum(map(len, words[:start]))
    return at, at + sum(map(len, words[start:end]))


def remade(line: Line, marks: Sequence[Span]) -> Line:
    [kinds] = classes([line.code])
    return Line(line.number, line.code, rendered(line.code, kinds, marks))


def table(rows: Sequence[Row], name: str, *, single: bool = False) -> str:
    body = "\n".join(row(*each, single=single) for each in rows[:MOST_ROWS])
    more = len(rows) - MOST_ROWS
    if more > 0:
        span = 2 if single else 4
        body += f'\n<tr><td colspan="{span}">and {more:,} more lines</td></tr>'
    columns = ("line", "code") if single else ("line", "before", "line", "after")
    head = "".join(f'<th scope="col">{each}</th>' for each in columns)
    sides = '<col class="no"><col>' * (1 if single else 2)
    return (
        f'<table class="code {name}"><colgroup>{sides}</colgroup>'
        f'<thead class="unseen"><tr>{head}</tr></thead>'
        f"<tbody>\n{body}\n</tbody></table>"
    )


def row(old: Line | None, new: Line | None, *, single: bool) -> str:
    if old is None and new is None:
        return '<tr class="gap"><td colspan="4">⋯</td></tr>'
    if single:
        return f"<tr>{cells(old, '')}</tr>"
    same = old is not None and new is not None and old.code == new.code
    if same:
        return f'<tr class="same">{cells(old, "")}{cells(new, "")}</tr>'
    return f"<tr>{cells(old, 'gone')}{cells(new, 'come')}</tr>"


def cells(line: Line | None, side: str) -> str:
    if line is None:
        return '<td class="none"></td><td class="none"></td>'
    number = "" if line.number is None else str(line.number)
    look = f' class="{side}"' if side else ""
    return f'<td class="no">{number}</td><td{look}>{line.html or " "}</td>'
