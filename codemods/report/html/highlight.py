"""Python code as HTML, a line at a time, with syntax colours and marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pygments.lexers.python import PythonLexer
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)

from codemods.report.html.page import text

# The first kind that a token is of gives its class; one letter, because a report may
# hold a million of them.
KINDS: tuple[tuple[_TokenType, str], ...] = (
    (String.Interpol, "i"),
    (String, "s"),
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Number, "m"),
    (Name.Builtin, "n"),
    (Name.Decorator, "n"),
    (Name.Function, "n"),
    (Name.Class, "n"),
)
LONGEST = 20_000  # characters of code, from where on it is shown without colours
Span = tuple[int, int]


@lru_cache(maxsize=1)
def lexer() -> PythonLexer:
    return PythonLexer(stripnl=False, ensurenl=False)


def classes(code: Sequence[str]) -> list[str]:
    """For every line the class of each of its characters, a blank where it has none."""
    whole = "\n".join(code)
    if len(whole) > LONGEST:
        return [" " * len(line) for line in code]
    kinds = "".join(kind_of(token) * len(value) for token, value in tokens(whole))
    lines: list[str] = []
    at = 0
    for line in code:
        lines.append(kinds[at : at + len(line)].ljust(len(line)))
        at += len(line) + 1
    return lines


def tokens(code: str) -> Iterator[tuple[_TokenType, str]]:
    for _, token, value in lexer().get_tokens_unprocessed(code):
        yield token, value


@lru_cache(maxsize=500)
def kind_of(token: _TokenType) -> str:
    return next((kind for parent, kind in KINDS if token in parent), " ")


def rendered(line: str, kinds: str, marks: Sequence[Span] = ()) -> str:
    """A line as HTML: `kinds` are its classes, `marks` what of it changed."""
    marked = "".join(
        "+" if any(start <= i < end for start, end in marks) else " "
        for i in range(len(line))
    )
    parts: list[str] = []
    start = 0
    for at in range(1, len(line) + 1):
        ends = at == len(line) or (kinds[at], marked[at]) != (
            kinds[start],
            marked[start],
        )
        if ends:
            parts.append(part(line[start:at], kinds[start], marked[start]))
            start = at
    return "".join(parts)


def part(code: str, kind: str, mark: str) -> str:
    shown = text(code)
    if kind != " " and not code.isspace():
        shown = f'<i class="{kind}">{shown}</i>'
    return f"<mark>{shown}</mark>" if mark == "+" else shown
