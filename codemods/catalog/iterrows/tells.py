"""What a use of a value can tell apart, and what it proves of the frame.

Three differences may separate the rewritten value from the original:
- number: in a frame of numbers only, the original is a numpy scalar of the common
  type (an int beside floats is a float), a column's own value is a Python number;
- missing: in a row of nothing but text (or dates) and missing values, the original
  has nan (NaT) where the column holds None or `<NA>`;
- date: in a frame of dates only, the array holds `datetime64`, the row Timestamps.
A use tells them apart or it does not; some uses prove what the frame holds.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Flag, auto


class Tells(Flag):
    """What a use can tell apart, and what it proves the value not to be."""

    NOTHING = 0
    NUMBER = auto()
    MISSING = auto()
    DATE = auto()
    # A label of the second level, where the columns have levels.
    LEVEL = auto()
    # A missing value, whichever, raises the same.
    PRESENT = auto()
    NOT_NUMBER = auto()
    NOT_TEXT = auto()
    NOT_DATE = auto()
    # No Series, as several columns under one label are.
    ONE = auto()


ALL = Tells.NUMBER | Tells.MISSING | Tells.DATE
# A truth test: None is false and nan is true.
TRUTH = Tells.MISSING | Tells.DATE
PROOFS = Tells.NOT_NUMBER | Tells.NOT_TEXT | Tells.NOT_DATE | Tells.PRESENT | Tells.ONE
TEXT = Tells.NOT_NUMBER | Tells.NOT_DATE
# Text by an operation that no number, no date and no missing value has.
TEXT_OPERATION = TEXT | Tells.PRESENT
NUMERIC = Tells.NOT_TEXT | Tells.NOT_DATE
# Durations divide, multiply and change sign as well.
NUMERIC_OR_DURATION = Tells.NOT_TEXT | Tells.DATE
# What each column that is known proves of the rows that hold it. A column whose name
# is not known goes by the empty name.
Known = dict[str, Tells]


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that is done with a value: where, and what it tells.

    `column` is the read that the value comes from.
    """

    node: ast.AST
    tells: Tells
    column: ast.expr | None = None
