"""Columns of every type that a frame may have: a dtype and values for it.

Data for generated frames. `None` leaves the dtype to pandas.
"""

from __future__ import annotations

import datetime
import decimal
from typing import Any, NamedTuple

import pandas as pd

DATE = datetime.datetime(2024, 2, 29, 12, 30)
NAN = float("nan")
LATER = datetime.datetime(2025, 1, 1)


class Pool(NamedTuple):
    """Values a column may have; `missing` are those that stand for none."""

    dtype: str | None
    values: tuple[Any, ...]
    missing: tuple[Any, ...] = ()


POOLS: dict[str, Pool] = {
    "int64": Pool("int64", (1, 2, 0, -1, 3, 7, 100, 2**53 + 1, 2**62)),
    "int8": Pool("int8", (1, 2, 0, -1, 100, 127)),
    "uint8": Pool("uint8", (1, 2, 0, 255)),
    "uint64": Pool("uint64", (1, 0, 2**53 + 1, 2**64 - 1)),
    "float64": Pool("float64", (1.0, 2.5, 0.0, -0.0, 0.1, 2.55, 1e300), (NAN,)),
    "float32": Pool("float32", (1.0, 2.5, 0.0, 0.1, 16777216.0), (NAN,)),
    "Int64": Pool("Int64", (1, 2, 0, -1, 2**53 + 1), (pd.NA,)),
    "Float64": Pool("Float64", (0.5, 1.0), (pd.NA,)),
    "numbers": Pool("object", (1, 2.5, 0, -1), (None, NAN)),
    "categories": Pool("category", (1, 2, 0)),
    "bool": Pool("bool", (True, False)),
    "boolean": Pool("boolean", (True, False), (pd.NA,)),
    "flags": Pool("object", (True, False), (None,)),
    "str": Pool(None, ("x", "y", "a-b", "1", "1.5", "", " Az b "), (None,)),
    "string": Pool("string", ("x", "y", "1", ""), (pd.NA,)),
    "texts": Pool("object", ("x", "y", "a,b", "2", ""), (None, NAN, pd.NA)),
    "words": Pool("category", ("x", "y", "b"), (None,)),
    "datetime": Pool("datetime64[ns]", (DATE, LATER), (pd.NaT,)),
    "zoned": Pool("datetime64[ns, UTC]", (pd.Timestamp(DATE, tz="UTC"),), (pd.NaT,)),
    "datetimes": Pool("object", (DATE, LATER), (None, pd.NaT)),
    "days": Pool("object", (DATE.date(), LATER.date()), (None,)),
    "durations": Pool("timedelta64[ns]", (datetime.timedelta(hours=3),), (pd.NaT,)),
    "periods": Pool("period[M]", (pd.Period("2024-02"),), (pd.NaT,)),
    "lists": Pool("object", (["x", "y"], [], ["a"]), (None,)),
    "records": Pool("object", ({"k": 1}, {}, {"x": "y"}), (None,)),
    "mixed": Pool("object", ("x", 1, 2.5, DATE, True), (None,)),
    "decimals": Pool("object", (decimal.Decimal("1.10"),), (None,)),
    "nothing": Pool("object", (), (None, NAN)),
}
NUMBERS = ("int64", "float64", "int8", "uint8", "uint64", "float32", "Int64", "numbers")
FLAGS = ("bool", "boolean", "flags")
TEXTS = ("str", "texts", "string", "words")
DATES = ("datetime", "zoned", "datetimes", "days")
# What a column may hold by what the code does with it, the likeliest first.
KINDS: dict[str, tuple[str, ...]] = {
    "number": (*NUMBERS, "categories", "Float64"),
    "integer": ("int64", "int8", "uint8", "Int64", "numbers"),
    "text": TEXTS,
    "date": (*DATES, "durations"),
    "flag": (*FLAGS, "int64"),
    "list": ("lists", "str"),
    "record": ("records",),
    "any": tuple(POOLS),
}
# What `read_csv` makes of a file.
PLAIN = ("int64", "float64", "bool", "str")
# Groups of which a whole frame may be: there rows have one type.
UNIFORM = (NUMBERS, TEXTS, DATES, (*NUMBERS, *FLAGS), ("int64",), ("float64",))
