"""Frames of every mix of types that a column may have."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

DATE = datetime.datetime(2024, 2, 29, 12, 30)
NUMBERS: dict[str, tuple[str | None, Sequence[Any]]] = {
    "int64": ("int64", [0, 1, -1, 2, 100, 2**53 + 1, 2**62]),
    "int8": ("int8", [0, 1, -1, 100, 127]),
    "uint8": ("uint8", [0, 1, 2, 255]),
    "uint64": ("uint64", [0, 1, 2**53 + 1, 2**64 - 1]),
    "float64": ("float64", [0.0, -0.0, 0.1, 1.0, 2.5, 2.55, 1e300]),
    "float32": ("float32", [0.0, 0.1, 1.0, 2.5, 16777216.0]),
    "bool": ("bool", [True, False]),
    "integers": ("Int64", [0, 1, -1, 2**53 + 1]),
    "arrow_int": ("int64[pyarrow]", [0, 1, 7]),
    "objects": (None, [0, 1, 2.5]),
    "category": ("category", [0, 1, 2]),
}
MISSING_NUMBERS: dict[str, tuple[str | None, Sequence[Any]]] = {
    "float64": ("float64", [0.0, 0.1, 1.0, np.nan]),
    "integers": ("Int64", [0, 1, pd.NA]),
    "booleans": ("boolean", [True, False, pd.NA]),
    "floats": ("Float64", [0.5, pd.NA]),
    "arrow_int": ("int64[pyarrow]", [0, 7, pd.NA]),
    "objects": (None, [0, 1, None, np.nan]),
}
TEXTS: dict[str, tuple[str | None, Sequence[Any]]] = {
    "str": (None, ["x", "y", "", "1", "1.5", "Az b"]),
    "strings": ("string", ["x", "", "1"]),
    "objects": ("object", ["x", "y", "", "2"]),
    "category": ("category", ["x", "y", "b"]),
}
MISSING_TEXTS: dict[str, tuple[str | None, Sequence[Any]]] = {
    "str": (None, ["x", "", None]),
    "strings": ("string", ["x", "y", pd.NA]),
    "objects": ("object", ["x", "y", None, np.nan, pd.NA]),
    "arrow": ("string[pyarrow]", ["x", "y", pd.NA]),
    "category": ("category", ["x", "y", None]),
    "lists": ("object", ["x", ["x", "y"], {"k": 1}, None]),
}
DATES: dict[str, tuple[str | None, Sequence[Any]]] = {
    "datetimes": ("datetime64[ns]", [DATE, pd.NaT]),
    "zoned": ("datetime64[ns, UTC]", [pd.Timestamp(DATE, tz="UTC"), pd.NaT]),
    "durations": ("timedelta64[ns]", [datetime.timedelta(hours=3), pd.NaT]),
    "days": ("object", [DATE.date(), None]),
    "objects": ("object", [DATE, None, pd.NaT]),
    "periods": ("period[M]", [pd.Period("2024-02"), pd.NaT]),
}
ODD: dict[str, tuple[str | None, Sequence[Any]]] = {
    "mixed": ("object", ["x", 1, 2.5, None, DATE, True]),
    "decimals": ("object", [decimal.Decimal("1.10"), None]),
    "nothing": ("object", [None, np.nan]),
    "complex": ("complex128", [1j, 1 + 0j]),
}
ANY = [
    each
    for group in (NUMBERS, MISSING_NUMBERS, TEXTS, MISSING_TEXTS, DATES, ODD)
    for each in group.values()
]
NAMES = ("a", "b", "c", "my col")
PRESENT = {
    "number": list(NUMBERS.values()),
    "text": list(TEXTS.values()),
    # numpy's numbers raise IndexError, Python's TypeError.
    "indexed": [*TEXTS.values(), *MISSING_TEXTS.values()],
    "any": ANY,
}
INDEXES = ("range", "labels", "duplicates", "levels")


@st.composite
def frames(draw: st.DrawFn, kinds: dict[str, str]) -> pd.DataFrame:
    """A frame with every name of NAMES; `kinds` says what a column must hold.

    Half of the frames are of one kind throughout, where the rules of common types
    and of looking again at a row apply.
    """
    rows = draw(st.sampled_from([0, 1, 2, 2, 3]))
    groups = [
        [*NUMBERS.values(), *MISSING_NUMBERS.values()],
        [*TEXTS.values(), *MISSING_TEXTS.values()],
        list(DATES.values()),
        ANY,
        ANY,
        ANY,
    ]
    uniform = draw(st.sampled_from(groups))
    series = {}
    for name in NAMES:
        choice = PRESENT[kinds[name]] if name in kinds else uniform
        dtype, values = draw(st.sampled_from(choice))
        cells = [draw(st.sampled_from(list(values))) for _ in range(rows)]
        series[name] = pd.Series(cells, dtype=dtype if rows or dtype else "object")
    frame = pd.DataFrame(series)
    match draw(st.sampled_from(INDEXES)):
        case "labels":
            frame.index = pd.Index(list("pqr")[:rows])
        case "duplicates":
            frame.index = pd.Index([7] * rows)
        case "levels":
            levels = [("k", number) for number in range(rows)]
            if rows:
                frame.index = pd.MultiIndex.from_tuples(levels)
    return frame
