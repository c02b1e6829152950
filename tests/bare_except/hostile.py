"""Values that make callables raise, and the kinds the analysis would give them."""

from __future__ import annotations

import datetime as dt
import io
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from codemods.catalog.bare_except.kinds import Kind, Kinds, kind, union

UTC = dt.UTC


class Foreign(Exception):
    """What the code of an unknown type raises: nothing may expect it."""


def _refuse(*_: object, **__: object) -> NoReturn:
    raise Foreign


SPECIAL = """
__str__ __repr__ __bytes__ __format__ __lt__ __le__ __eq__ __ne__ __gt__ __ge__ __hash__
__bool__ __len__ __getitem__ __setitem__ __delitem__ __iter__ __next__ __contains__
__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __mod__
__rmod__ __divmod__ __rdivmod__ __pow__ __rpow__ __and__ __rand__ __or__ __ror__
__int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__ __abs__
__fspath__ __getattr__ __call__ __enter__ __exit__ __reversed__ __length_hint__
""".split()

Stranger: Callable[[], Any] = type("Stranger", (), dict.fromkeys(SPECIAL, _refuse))

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    *(0, 1, -1, 3, 10, 255, 256, 1000, 2**31, -(2**31), 2**63, -(2**63), 10**400),
    *(0.0, 1.5, -2.25, 1e308, -1e308, 5e-324, 1e16),
    *(float("inf"), float("-inf"), float("nan")),
    *(0j, complex(1, -2), complex("nan"), complex(1e308, 1e308)),
    *("", " ", "a", "abc", "5", "-7.5", "nan", "inf", "1e999", "0x1f", "\ud800", "é\0"),
    *("utf-8", "ascii", "punycode", "rot13", "idna", "no such codec", "strict", "big"),
    *("%s", "%d %(x)s", "{} {0}", "{x.y[0]}", "{:d}", "%Y-%m-%d", "%", "{", "a" * 300),
    *("2024-01-02", "2024-01-02T03:04:05", "2024-13-45", "9999-12-31T23:59:59+00:00"),
    *(
        "[1, 2",
        '{"a": [1]}',
        "null",
        "<a><b/></a>",
        "<a",
        "a=b&c=%zz",
        "http://[",
        "(((",
    ),
    *(
        "x,y\n1,2",
        "[s]\nk=v",
        "2147483648",
        "d" * 5,
        "٣",
        "a.b/c",
        "//h:99999/x",
        "2 days",
    ),
    *(b"", b"a", b"5", b"\xff\xfe", b"%d", b"{}", b"abc=", b"[1]", b"a" * 40),
    bytearray(b"12"),
    *([], [1], ["a", "b"], [1, "a"], [[1]], [None], [0.5, 2], [255, 256], [-1]),
    *((), (1,), ("a", 2), (1, 2, 3), ("a", "b"), (float("nan"), 1)),
    *({}, {"a": 1}, {1: "x"}, {"x": None}, {0: "a", 1: 2**31}, {97: 2**31}),
    *(set(), {1}, {"a"}, frozenset(), frozenset({1, 2})),
    *(range(0), range(5), range(0, -9, -2)),
    *(dt.datetime.min, dt.datetime.max, dt.datetime(2024, 2, 29, 1, 2, 3, 4)),
    *(dt.datetime(2024, 1, 1, tzinfo=UTC), dt.datetime.max.replace(tzinfo=UTC)),
    *(dt.date.min, dt.date.max, dt.date(2024, 2, 29)),
    *(dt.timedelta.min, dt.timedelta.max, dt.timedelta(0), dt.timedelta(hours=5)),
    *(dt.time(0), dt.time(23, 59, tzinfo=UTC)),
    *(Decimal(0), Decimal("1.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")),
    *(Decimal("1e400"), Decimal("-3")),
    *(Fraction(0), Fraction(1, 3), Fraction(-7, 2)),
    *(Path(), Path("a/b.txt"), Path("/"), Path("..")),
)

OWN_NAMES: dict[type, str] = {
    type(None): "None",
    memoryview: "memoryview",
    type({}.keys()): "dict_view",
    type({}.values()): "dict_view",
    type({}.items()): "dict_view",
    deque: "collections.deque",
    io.TextIOWrapper: "io.TextIOWrapper",
}


def kinds_of(value: Any) -> Kinds:
    """What the analysis would know of a value, were its whole type known."""
    if type(value) is tuple:
        return kind("record", *map(kinds_of, value))
    if isinstance(value, list | set | frozenset | deque):
        return kind(_name(value), union(map(kinds_of, value)))
    if isinstance(value, dict):
        keys, values = union(map(kinds_of, value)), union(map(kinds_of, value.values()))
        return kind(_name(value), keys, values)
    return kind(_name(value))


def literal_kinds_of(value: Any) -> Kinds:
    """The same where the value stands in the source as a constant."""
    if type(value) in (int, float, str, bytes):
        return frozenset({Kind(type(value).__name__, (), (value,))})
    return kinds_of(value)


def _name(value: Any) -> str:
    if isinstance(value, Path):
        return "pathlib.Path"
    cls = type(value)
    if cls in OWN_NAMES:
        return OWN_NAMES[cls]
    if cls.__module__ == "builtins":
        return cls.__name__
    return f"{cls.__module__}.{cls.__qualname__}"
