"""Frames made up from a seed, and from what turned out to get through the loop."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from codemods.catalog.iterrows.trials.programs.pools import (
    KINDS,
    NAN,
    PLAIN,
    POOLS,
    UNIFORM,
)

T = TypeVar("T")
INDEXES = ("range", "range", "range", "labels", "duplicates", "offset", "levels")
SIZES = (2, 3, 1, 2, 3, 0, 5, 14)
NUMERIC = ("number", "integer", "flag")
NUMBER = (int, float)
RANGES = {
    "int64": (-(2**62), 2**62),
    "Int64": (-(2**62), 2**62),
    "int8": (-128, 127),
    "uint8": (-1, 255),
    "uint64": (-1, 2**62),
}
EXTRAS = ("extra", "other extra")


@dataclass(frozen=True)
class Column:
    """One column: the pool that it is from, and its cells."""

    pool: str
    cells: tuple[Any, ...]

    @property
    def series(self) -> pd.Series:
        dtype = POOLS[self.pool].dtype
        return pd.Series(
            list(self.cells), dtype=dtype or (None if self.cells else "object")
        )


@dataclass(frozen=True)
class Frame:
    """A frame to be made as often as it is needed."""

    columns: dict[str, Column]
    index: str
    rows: int

    def made(self) -> pd.DataFrame:
        series = {name: column.series for name, column in self.columns.items()}
        frame = pd.DataFrame(series, index=range(self.rows))
        frame.index = labels(self.index, self.rows)
        return frame

    def without_row(self, row: int) -> Frame:
        columns = {
            name: replace(each, cells=each.cells[:row] + each.cells[row + 1 :])
            for name, each in self.columns.items()
        }
        return Frame(columns, self.index, self.rows - 1)

    def emptied(self) -> Frame:
        columns = {name: replace(each, cells=()) for name, each in self.columns.items()}
        return Frame(columns, "range", 0)

    def grown(self, rows: int) -> Frame:
        """The same frame over and over, up to a number of rows."""
        columns = {
            name: replace(each, cells=(each.cells * (rows // self.rows + 1))[:rows])
            for name, each in self.columns.items()
        }
        return Frame(columns, "range", rows)

    def __str__(self) -> str:
        parts = [
            f"{name}={list(each.cells)!r} ({each.series.dtype})"
            for name, each in self.columns.items()
        ]
        if self.index != "range":
            parts.append(f"index={list(labels(self.index, self.rows))!r}")
        return ", ".join(parts) or f"{self.rows} rows without columns"


def labels(kind: str, rows: int) -> pd.Index:
    match kind:
        case "labels":
            return pd.Index([f"row{number}" for number in range(rows)], dtype="object")
        case "duplicates":
            return pd.Index([7] * rows, dtype="int64")
        case "offset":
            return pd.Index(range(3, 3 + rows))
        case "levels" if rows:
            return pd.MultiIndex.from_tuples([("k", number) for number in range(rows)])
    return pd.RangeIndex(rows)


class Choices:
    """Choices from a seed that lean to what has got through the loop before."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tried: Counter[tuple[str, str]] = Counter()
        self.passed: Counter[tuple[str, str]] = Counter()
        self.made: list[tuple[str, str]] = []
        self.frames = 0

    def one(self, what: str, options: Sequence[str]) -> str:
        weights = [self.weight((what, each)) for each in options]
        chosen = self.random.choices(options, weights)[0]
        self.made.append((what, chosen))
        return chosen

    def weight(self, choice: tuple[str, str]) -> float:
        """Every third frame leans to nothing: differences hide where code raises."""
        if self.frames % 3 == 0:
            return 1.0
        return (self.passed[choice] + 1) / (self.tried[choice] + 1) + 0.03

    def one_of(self, what: str, options: Sequence[T]) -> T:
        numbers = [str(number) for number in range(len(options))]
        return options[int(self.one(what, numbers))]

    def any_of(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def learned(self, *, passed: bool) -> None:
        """What became of the choices made since the last time."""
        for choice in self.made:
            self.tried[choice] += 1
            self.passed[choice] += passed
        self.made = []
        self.frames += 1


@dataclass(frozen=True)
class Wanted:
    """What a frame must have: columns by kind, some of which may be left out.

    `literals` are values that the code compares with, by "text" and "number"; `plain`
    keeps to what a file of commas makes; `sizes` are numbers of rows to choose from;
    `mixed` has text and a number in every row.
    """

    columns: dict[str, str]
    optional: tuple[str, ...] = ()
    literals: dict[str, list[Any]] | None = None
    plain: bool = False
    sizes: tuple[int, ...] = SIZES
    mixed: bool = False


def frame(wanted: Wanted, choices: Choices, name: str) -> Frame:
    """The next frame: hostile and ordinary ones in turn."""
    rows = int(choices.one(f"{name} rows", tuple(map(str, wanted.sizes))))
    missing = choices.one(f"{name} has missing", ("no", "no", "yes")) == "yes"
    group = choices.any_of([*UNIFORM, *likely(wanted), *[KINDS["any"]] * 3])
    columns: dict[str, Column] = {}
    extras = EXTRAS[: choices.any_of((0, 0, 1, 1, 2))]
    for column in (*wanted.columns, *(each for each in extras)):
        if column in wanted.optional and choices.any_of((True, False, False)):
            continue
        kind = wanted.columns.get(column, "any")
        options = KINDS[kind] if kind != "any" else group
        if wanted.plain:
            options = tuple(each for each in options if each in PLAIN) or PLAIN
        pool = choices.one(f"{name}.{column}", options)
        columns[column] = cells(column, pool, rows, wanted, choices, missing=missing)
    if wanted.mixed:
        columns["some text"] = Column("str", ("x",) * rows)
        columns["some number"] = Column("int64", (1,) * rows)
    index = choices.one(f"{name} index", INDEXES)
    return Frame(with_numbers(columns, wanted, rows), index, rows)


def likely(wanted: Wanted) -> list[tuple[str, ...]]:
    """Groups that make a frame of one type of what the code asks for."""
    kinds = {each for each in wanted.columns.values() if each != "any"}
    return [KINDS[kinds.pop()]] * 4 if len(kinds) == 1 else []


def with_numbers(
    columns: dict[str, Column], wanted: Wanted, rows: int
) -> dict[str, Column]:
    """The columns with a number in every row that is taken to hold some.

    The codemod's page says that a row whose numbers are all missing counts as a row of
    numbers; what differs there is told there, and not in every receipt.
    """
    found = dict(columns)
    for row in range(rows):
        held = [each.cells[row] for each in found.values()]
        if any(isinstance(each, NUMBER) and each == each for each in held):
            continue
        for name, each in found.items():
            pool = POOLS[each.pool]
            if wanted.columns.get(name) in NUMERIC and is_missing(each.cells[row]):
                start, rest = each.cells[:row], each.cells[row + 1 :]
                found[name] = replace(each, cells=(*start, pool.values[0], *rest))
    return found


def is_missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell


def cells(
    name: str, pool: str, rows: int, wanted: Wanted, choices: Choices, *, missing: bool
) -> Column:
    given = POOLS[pool]
    values = [*given.values[:4], *given.values]
    asked = fitting(pool, wanted.literals or {})
    if asked and choices.one(f"{name} holds", ("anything", "asked")) == "asked":
        values = asked
    absent = (NAN,) if wanted.plain and given.missing else given.missing
    found = values or list(absent)
    if missing:
        found = [*found, *absent * max(1, len(found) // 3)]
    return Column(pool, tuple(choices.any_of(found) for _ in range(rows)))


def listed(texts: list[str]) -> list[str]:
    """Lists of words, for code that splits at a mark."""
    marks = [each for each in texts if len(each) <= 2 and not each.isalnum()]
    return [mark.join("123456") for mark in marks if mark.strip() or mark == " "]


def fitting(pool: str, literals: dict[str, list[Any]]) -> list[Any]:
    """What the code compares with, as far as it fits: numbers and their neighbours."""
    if pool in ("str", "texts", "string"):
        texts = literals.get("text", [])
        return [*texts, *listed(texts) * 3]
    numbers = literals.get("number", [])
    near = [each + step for each in numbers for step in (1, 0, -1)]
    if pool in ("float64", "float32", "Float64"):
        return [float(each) for each in near]
    if pool == "numbers":
        return near
    low, high = RANGES.get(pool, (0, 0))
    return [each for each in near if isinstance(each, int) and low < each < high]
