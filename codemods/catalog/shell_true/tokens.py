"""The nouns of a shell command: words, their pieces, operators, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quoting = Literal["bare", "escaped", "single", "double"]

NEWLINE = "\n"


class Refused(Exception):
    """Text whose meaning only a shell knows.

    `construct` is the offending text, `position` counts characters of the template
    from 0, each placeholder as one.
    """

    def __init__(self, construct: str, why: str, position: int) -> None:
        super().__init__(f"{construct} {why}")
        self.construct = construct
        self.why = why
        self.position = position


@dataclass(frozen=True, slots=True)
class Hole:
    """A placeholder: the number of a value among the template's."""

    number: int


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    quoting: Quoting


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder inside a word, and the quotes it stands in."""

    number: int
    quoting: Quoting


Piece = Text | Slot


@dataclass(frozen=True, slots=True)
class Word:
    """One word, quotes removed; from `start` up to `end` in the template."""

    pieces: tuple[Piece, ...]
    start: int
    end: int

    @property
    def text(self) -> str | None:
        """What the word says, None where a placeholder decides."""
        if any(isinstance(piece, Slot) for piece in self.pieces):
            return None
        return "".join(piece.value for piece in self.pieces if isinstance(piece, Text))

    @property
    def bare(self) -> str:
        """The text outside quotes; U+FFFC for each quoted piece or placeholder."""
        return "".join(
            piece.value
            if isinstance(piece, Text) and piece.quoting == "bare"
            else "\ufffc"
            for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator, with the descriptor directly before it if there is one."""

    text: str
    start: int
    end: int
    descriptor: int | None = None


Token = Word | Operator
Atom = str | Hole
