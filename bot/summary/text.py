"""A summary for people, for programs, and for where Markdown is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from bot.summary import Category, Summary, Worst

WIDTH = 100
Cells = Sequence[str]
HEAD = ("finding", "found", "open", "refused", "left alone", "fixed", "new", "trend")


def as_text(summary: Summary) -> str:
    parts = [said(summary)]
    if summary.categories:
        parts.append(columns((HEAD, *map(cells, lines(summary))), right=(1, len(HEAD))))
    if summary.worst:
        parts.append(worst_files(summary.worst))
    if summary.rows:
        parts.append(columns(rows(summary), right=(1, 4)))
    if len(summary.trend) > 1:
        parts.append(trend(summary))
    return "\n\n".join(parts)


def as_json(summary: Summary) -> str:
    return json.dumps({"format": 1, **asdict(summary)}, indent=2)


def as_markdown(summary: Summary) -> str:
    parts = [f"## {said(summary)}"]
    if summary.categories:
        parts.append(table((HEAD, *map(cells, lines(summary))), right=(1, len(HEAD))))
    if summary.worst:
        files = [(code(place(w)), str(w.found), each_of(w)) for w in summary.worst]
        parts.append(table((("worst files", "findings", ""), *files), right=(1, 2)))
    if summary.rows:
        head, *rest = rows(summary)
        kept = [(code(name), *more, code(why)) for name, *more, why in rest]
        parts.append(table((head, *kept), right=(1, 4)))
    if len(summary.trend) > 1:
        parts.append(trend(summary))
    return "\n\n".join(parts)


FORMATS: Mapping[str, Callable[[Summary], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
}


def said(summary: Summary) -> str:
    failed = f", {summary.failed:,} failed" if summary.failed else ""
    count = summary.repositories
    noun = "repository" if count == 1 else "repositories"
    return (
        f"Sweep of {date(summary.began)} UTC: {count:,} {noun}, "
        f"{summary.worked_on:,} worked on, {summary.unchanged:,} as they were{failed}"
    )


def date(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")


def lines(summary: Summary) -> list[Category]:
    many = len(summary.categories) > 1
    return [*summary.categories, *([summary.all] if many else [])]


def cells(each: Category) -> Cells:
    numbers = (each.found, each.open, each.refused, each.alone, each.fixed, each.new)
    told = [f"{number:,}" for number in numbers]
    return (each.codemod, *told, f"{each.trend:+,}" if each.trend else "0")


def worst_files(worst: Sequence[Worst]) -> str:
    found = [(str(each.found), each_of(each)) for each in worst]
    room = WIDTH - 14 - max(len(more) for _, more in found)
    files = [
        (shortened(place(each), max(room, 40)), *more)
        for each, more in zip(worst, found, strict=True)
    ]
    return columns((("worst files", "findings", ""), *files), right=(1, 2))


def place(each: Worst) -> str:
    return f"{each.repository} {each.path}"


def each_of(each: Worst) -> str:
    return ", ".join(f"{codemod} {count}" for codemod, count in each.counts)


def rows(summary: Summary) -> list[Cells]:
    head = ("repository", "opened", "updated", "closed", "error")
    return [
        head,
        *(
            (
                row.repository,
                str(row.opened),
                str(row.updated),
                str(row.closed),
                shortened(row.error.replace("\n", " "), WIDTH - 40),
            )
            for row in summary.rows
        ),
    ]


def trend(summary: Summary) -> str:
    numbers = " ".join(f"{found:,}" for _, found in summary.trend)
    first = date(summary.trend[0][0]).partition(" ")[0]
    return f"Findings night by night since {first}: {numbers}"


def columns(lines: Sequence[Cells], right: tuple[int, int]) -> str:
    """Lines in columns; those from `right[0]` up to `right[1]` are numbers."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    at_right = range(*right)
    return "\n".join(
        "  ".join(
            text.rjust(width) if at in at_right else text.ljust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def table(lines: Sequence[Cells], right: tuple[int, int]) -> str:
    head, *rest = lines
    rule = ["---:" if at in range(*right) else "---" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *rest))


def code(text: str) -> str:
    """Text of a repository's in Markdown: nothing in it means anything."""
    plain = text.replace("\n", " ").replace("`", "'").replace("|", "\\|")
    return f"`{plain}`" if plain else ""


def shortened(text: str, width: int) -> str:
    """A text that is too long without its middle."""
    if len(text) <= width:
        return text
    half = (width - 1) // 2
    return f"{text[: width - 1 - half]}…{text[-half:]}"
