"""A query as the code spells it: characters that know their bytes, and holes.

A hole is where the code puts something in at run time. To be parsed it becomes an
identifier that occurs nowhere in the query; what it holds stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Characters of a literal; `ends[i]` is the byte offset just after the i-th.

    None where no byte of this query's own literals stands for the character: the
    text of a constant that is put in by name.
    """

    value: str
    ends: tuple[int | None, ...]

    def __post_init__(self) -> None:
        assert len(self.value) == len(self.ends)


@dataclass(frozen=True, slots=True)
class Hole:
    """A place for what only the running program knows.

    `bound` where the driver sends the value beside the query: it is one value then,
    never a piece of SQL. `end` is the byte offset after its braces, where it has some
    that are written in the query itself.
    """

    bound: bool = False
    end: int | None = None


Template = tuple[Text | Hole, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A template as one text that a parser can read.

    `ends` are byte offsets by character (None: no own byte), `holes` the spans of the
    identifiers that stand for unbound holes.
    """

    text: str
    ends: tuple[int | None, ...]
    holes: tuple[tuple[int, int], ...]

    def in_hole(self, start: int, end: int) -> bool:
        """Whether a piece of the text touches what an unbound hole stands for."""
        return any(at < end and start < to for at, to in self.holes)


def assembled(template: Iterable[Text | Hole]) -> Query:
    """One text, each hole an identifier of its own."""
    pieces = tuple(template)
    stem = _stem("".join(each.value for each in pieces if isinstance(each, Text)))
    text, ends, holes = "", list[int | None](), list[tuple[int, int]]()
    for index, piece in enumerate(pieces):
        match piece:
            case Text(value=value, ends=places):
                text += value
                ends += places
            case Hole(bound=bound, end=end):
                name = f"{stem}{index}z"
                if not bound:
                    holes.append((len(text), len(text) + len(name)))
                text += name
                ends += [*[None] * (len(name) - 1), end]
    return Query(text, tuple(ends), tuple(holes))


def _stem(text: str) -> str:
    stem = "zq"
    while stem in text.lower():
        stem += "q"
    return stem


def plain(text: str) -> Query:
    """A query that is only text, each character a byte or more of UTF-8 from 0 on."""
    ends, at = [], 0
    for character in text:
        at += len(character.encode("utf-8", "surrogatepass"))
        ends.append(at)
    return Query(text, tuple(ends), ())
