"""Makes values up for the body of a `try`: fitting ones, and those that make it raise.

Part of a trial's program: nothing but the standard library is there.
"""

from __future__ import annotations

import ast
import datetime as dt
import random
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TEXTS = (
    "",
    "a",
    "x@y",
    "5",
    "-7.5",
    "nan",
    "1e999",
    "a b",
    "a,b",
    "k:v",
    "http://h/p?q=1",
    "2024-01-02",
    "2024-13-45",
    "2024-01-02T03:04:05+00:00",
    "[1]",
    '{"a": 1}',
    "{",
    "%s",
    "%d %(x)s",
    "{} {0}",
    "\ud800",
    "é\0",
    "\n",
    "a" * 300,
)
WHOLE = (0, 1, -1, 3, 255, 2**31, 2**63, 10**30, 10**400)
NUMBERS = (0.0, 1.5, -2.25, 1e308, float("inf"), float("-inf"), float("nan"))
BYTES = (b"", b"a", b"5", b"\xff\xfe", b"{}")
LISTS: tuple[Any, ...] = ([], [1], ["a", "b"], [None, "x"], [[1], {}])
MAPS: tuple[Any, ...] = ({}, {"a": 1}, {1: "x"}, {"a": None, 0: []})
KEYS = ("a", 0, 1, None)
BY_TYPE: dict[str, tuple[Any, ...]] = {
    "str": TEXTS,
    "int": WHOLE,
    "float": NUMBERS,
    "bool": (True, False),
    "None": (None,),
    "bytes": BYTES,
    "list": LISTS,
    "tuple": ((), (1,), ("a", "b"), (None, 1, 2)),
    "dict": MAPS,
    "set": (set(), {1}, {"a"}),
    "complex": (0j, 1 - 2j),
    "datetime.datetime": (dt.datetime(2024, 2, 29), dt.datetime.max, dt.datetime.min),
    "datetime.date": (dt.date(2024, 2, 29), dt.date.max, dt.date.min),
    "datetime.timedelta": (dt.timedelta(0), dt.timedelta.max, dt.timedelta(hours=5)),
    "pathlib.Path": (Path("a"), Path("no/such"), Path()),
    "decimal.Decimal": (Decimal(0), Decimal("1.5"), Decimal("sNaN"), Decimal("inf")),
}
PLAIN = "str int float bool None bytes list tuple dict set complex".split()
BY_TYPE["Hashable"] = (*TEXTS[:4], *WHOLE[:4], 1.5, None, (1,), b"a")
ANY: tuple[Any, ...] = tuple(v for kind in PLAIN for v in BY_TYPE[kind])
# What a counterexample is made of, the simplest first.
SIMPLE: tuple[Any, ...] = (None, 0, 1, "", "a", [], {}, 1.5, (), True, b"")
LOST = 0.15  # how often a part that is used is not there
STRANGE = 0.25  # how often a value is none that its use asks for


def made(shape: dict[str, Any], chance: random.Random, top: bool = True) -> Any:
    """A value of a shape (see shapes.py), or one that does not fit it."""
    if "types" in shape:
        kind = chance.choice(shape["types"])
        holds = kind in ("list", "tuple", "dict", "set")
        if holds and ("each" in shape or "items" in shape):
            return _filled(kind, shape, chance)
        return chance.choice(BY_TYPE[kind])
    if chance.random() < STRANGE and not shape.get("self"):
        return chance.choice(ANY)
    if "attributes" in shape or shape.get("self"):
        return _object(shape, chance)
    if "items" in shape or "each" in shape:
        return _filled(chance.choice(("dict", "list")), shape, chance)
    return chance.choice(TEXTS if shape.get("text") else ANY)


def allowed(value: Any, shape: dict[str, Any]) -> bool:
    """Whether a simple value may stand where a value of a shape does."""
    if shape.get("self"):
        return False
    name = "None" if value is None else type(value).__name__
    return name in shape.get("types", (name,))


def _object(shape: dict[str, Any], chance: random.Random) -> Any:
    kept = {
        name: made(below, chance, False)
        for name, below in shape.get("attributes", {}).items()
        if shape.get("self") or chance.random() >= LOST
    }
    return SimpleNamespace(**kept)


def _filled(kind: str, shape: dict[str, Any], chance: random.Random) -> Any:
    items, each = shape.get("items", {}), shape.get("each", {})
    if kind == "dict":
        kept = {
            ast.literal_eval(key): made(below, chance, False)
            for key, below in items.items()
            if chance.random() >= LOST
        }
        several = KEYS if "each" in shape else ()
        return {**{key: made(each, chance, False) for key in several}, **kept}
    below = [each, *items.values()]
    length = chance.choice((0, 1, 2, 3))
    values = [made(chance.choice(below), chance, False) for _ in range(length)]
    if kind == "set":
        return {each for each in values if each.__hash__ is not None}
    return tuple(values) if kind == "tuple" else values
