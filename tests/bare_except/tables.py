"""Frames, arrays and responses of every odd kind, for what pandas and others raise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import requests

from tests.bare_except.receivers import RECEIVERS


def frames() -> tuple[Callable[[], Any], ...]:
    moments = pd.to_datetime(["2024-01-01", None])
    return (
        lambda: pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, np.nan]}),
        pd.DataFrame,
        lambda: pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]),
        lambda: pd.DataFrame({"a": [[1], {"b": 2}], "x": [object(), dt.date.min]}),
        lambda: pd.DataFrame({1: [True], None: [2**63]}, index=["a"]),
        lambda: pd.DataFrame({"a": [1, 2]}, index=[0, 0]),
        lambda: pd.DataFrame(
            [[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])
        ),
        lambda: pd.DataFrame({"a": pd.Categorical(["x", "y"]), "b": moments}),
        lambda: pd.DataFrame({"a": [1j, 2]}, index=moments),
    )


def columns() -> tuple[Callable[[], Any], ...]:
    return (
        lambda: pd.Series([1, 2, 3]),
        lambda: pd.Series([], dtype=object),
        lambda: pd.Series(["a", None, "é\ud800"], dtype=object),
        lambda: pd.Series([[1], {"b": 2}, object()]),
        lambda: pd.Series([1.5, np.nan, np.inf]),
        lambda: pd.Series(["x", "1e999", "2024-13-45"]),
        lambda: pd.Series([True, False], index=["a", "a"]),
        lambda: pd.Series(pd.to_datetime(["2024-01-01", None])),
        lambda: pd.Series(pd.Categorical(["x", "y", None])),
        lambda: pd.Series([2**63, -1], dtype=object),
        lambda: pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 1)])),
    )


def texts() -> tuple[Callable[[], Any], ...]:
    return (
        lambda: pd.Series(["a", None, "b,c"]).str,
        lambda: pd.Series(["a", 1, [2], None], dtype=object).str,
        lambda: pd.Series([], dtype=object).str,
    )


def arrays() -> tuple[Callable[[], Any], ...]:
    return (
        lambda: np.array([1, 2, 3]),
        lambda: np.array([]),
        lambda: np.array(5),
        lambda: np.array([[1.5, np.nan], [np.inf, 0]]),
        lambda: np.array([[1, 2], [2, 4]]),
        lambda: np.array(["a", "b"]),
        lambda: np.array([True, False]),
        lambda: np.array(["2024-01-01"], dtype="datetime64[D]"),
        lambda: np.array([(1, 2.0)], dtype=[("x", int), ("y", float)]),
        lambda: np.zeros((2, 3, 4)),
        lambda: np.zeros((0, 3)),
        lambda: np.array([2**63, -(2**63)], dtype=object),
    )


def answered(content: Any, status: int, **more: Any) -> requests.Response:
    """A response as if one had come; False for one whose content was consumed."""
    made = requests.Response()
    made.status_code = status
    made._content = content
    for name, value in more.items():
        setattr(made, name, value)
    return made


def responses() -> tuple[Callable[[], Any], ...]:
    return (
        lambda: answered(b'{"a": [1]}', 200),
        lambda: answered(b"", 204),
        lambda: answered(b"[1", 404, reason=b"\xff\xe9", url="http://h/"),
        lambda: answered(b"\xff\xfe\xfd", 500, encoding="utf-8"),
        lambda: answered(b'"\xe9"', 200, encoding="no such"),
        lambda: answered(b"5", 200, encoding="a\0b"),
        lambda: answered(b"\x00[", 600, encoding="punycode"),
        lambda: answered(False, 200, _content_consumed=True),
    )


def others() -> Mapping[str, tuple[Callable[[], Any], ...]]:
    frame, column = frames()[0], columns()[0]
    moments = columns()[7]
    return {
        "pandas.ILoc": tuple(lambda one=one: one().iloc for one in frames()),
        "pandas.Loc": tuple(lambda one=one: one().loc for one in frames()),
        "pandas.SeriesLoc": tuple(lambda one=one: one().loc for one in columns()),
        "pandas.At": tuple(lambda one=one: one().at for one in frames()),
        "pandas.SeriesILoc": tuple(lambda one=one: one().iloc for one in columns()),
        "pandas.DateTimes": (lambda: moments().dt,),
        "pandas.Index": (
            *(lambda one=one: one().index for one in (*frames(), *columns())),
            lambda: frame().columns,
            lambda: column().index,
        ),
        "pandas.Timestamp": (
            lambda: pd.Timestamp("2024-01-01"),
            lambda: pd.Timestamp.max,
            lambda: pd.Timestamp("2024-01-01", tz="UTC"),
        ),
    }


TABLES: dict[str, tuple[Callable[[], Any], ...]] = {
    **RECEIVERS,
    **others(),
    "pandas.DataFrame": frames(),
    "pandas.Series": columns(),
    "pandas.Strings": texts(),
    "numpy.ndarray": arrays(),
    "requests.Response": responses(),
    "requests.Session": (requests.Session,),
}
