"""A finding's code as lines: what goes, what comes, what stays, with colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from bot.escape import visible

KINDS: tuple[tuple[_TokenType, str], ...] = (
    (String.Interpol, ""),
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
COLOURED = 20_000  # characters of code, from where on it is shown without colours
# A line's sign, its number, and which line of its side it is.
Numbered = tuple[str, int | None, int]
WIDEST = 2_000  # characters of a line that are shown


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its sign ("+", "-" or " "), its number where it stands now, its code."""

    sign: str
    number: int | None
    html: Markup

    @property
    def kind(self) -> str:
        return {"+": "come", "-": "gone"}.get(self.sign, "same")


@dataclass(frozen=True, slots=True)
class Diff:
    """The first lines of a diff, and how many more there are."""

    lines: tuple[Line, ...]
    more: int


def diff(before: str, after: str | None, first: int, most: int) -> Diff:
    """What a finding changes, or only its code where it changes nothing.

    `first` is the number of the first line before; `most` lines are shown.
    """
    old = before.removesuffix("\n").split("\n")
    if after is None:
        same: list[Numbered] = [(" ", first + at, at) for at in range(len(old))]
        return drawn(same[:most], old, [], len(same))
    new = after.removesuffix("\n").split("\n") if after else []
    lines = list(compared(old, new, first))
    return drawn(lines[:most], old, new, len(lines))


def compared(old: Sequence[str], new: Sequence[str], first: int) -> Iterator[Numbered]:
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new).get_opcodes():
        sign = " " if kind == "equal" else "-"
        for at in range(a1, a2):
            yield sign, first + at, at
        if kind != "equal":
            for at in range(b1, b2):
                yield "+", None, at


def drawn(
    lines: Sequence[Numbered],
    old: Sequence[str],
    new: Sequence[str],
    count: int,
) -> Diff:
    sides = {"-": coloured(old), " ": coloured(old), "+": coloured(new)}
    made = (Line(sign, number, sides[sign][at]) for sign, number, at in lines)
    return Diff(tuple(made), count - len(lines))


def coloured(code: Sequence[str]) -> list[Markup]:
    whole = "\n".join(code)
    if len(whole) > COLOURED or any(len(line) > WIDEST for line in code):
        return [escape(cut(line)) for line in code]
    lines: list[list[Markup]] = [[]]
    for _, token, value in lexer().get_tokens_unprocessed(whole):
        for at, part in enumerate(value.split("\n")):
            if at:
                lines.append([])
            if part:
                lines[-1].append(span(part, kind_of(token)))
    return [Markup("").join(parts) for parts in lines]


def cut(line: str) -> str:
    more = len(line) - WIDEST
    shown = visible(line[:WIDEST])
    return f"{shown} … and {more:,} more characters" if more > 0 else shown


def span(part: str, kind: str) -> Markup:
    shown = visible(part)
    if not kind or part.isspace():
        return escape(shown)
    return Markup('<i class="{}">{}</i>').format(kind, shown)


@lru_cache(maxsize=1)
def lexer() -> PythonLexer:
    return PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=500)
def kind_of(token: _TokenType) -> str:
    return next((kind for parent, kind in KINDS if token in parent), "")
