"""What can be seen of a value: a tree that stays when the value changes.

Two trees are compared at two levels: what they hold, and of what types it is.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import deque
from typing import Any, NamedTuple

from codemods.evidence.programs.standins import StandIn

DEEPEST, MOST_ITEMS, LONGEST = 12, 2000, 60
OWN = "trial_of_code"  # what the module of the code under trial is called
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
SEQUENCES = (list, tuple, set, frozenset, deque)
NUMBERS = (bool, int, float, complex)


class Tree(NamedTuple):
    """`content` is a plain value, or the trees of what a value holds by their names.

    `shape` tells apart what no two equal values share; `kind` is the type's name.
    """

    shape: str
    kind: str
    content: Any


class Difference(NamedTuple):
    """Where two trees differ, in words; `only_types` where they hold the same."""

    where: str
    before: str
    after: str
    only_types: bool

    def __str__(self) -> str:
        return f"{self.where} was {self.before}, is {self.after}"


def seen(value: Any, depth: int = 0) -> Tree:
    kind = kind_of(value)
    if depth > DEEPEST:
        return Tree("atom", kind, "...")
    if isinstance(value, StandIn):
        return Tree("atom", "stand-in", str(value))
    if value is None or isinstance(value, str | bytes):
        return Tree("atom", kind, value)
    plain = as_number(value)
    if plain is not None:
        return Tree("number", kind, plain)
    moment = as_moment(value)
    if moment is not None:
        return Tree("atom", kind, moment)
    if isinstance(value, dict):
        return Tree("dict", kind, held_by_key(value, depth))
    if isinstance(value, SEQUENCES):
        items = ordered(value) if isinstance(value, set | frozenset) else value
        shape = "list" if isinstance(value, list | deque) else type(value).__name__
        return Tree(shape, kind, in_order(items, depth))
    return of_library(value, kind, depth) or of_object(value, kind, depth)


def ordered(value: Any) -> list[Any]:
    """A set's items in an order of their own; of several nans, one."""
    named: dict[str, Any] = {}
    for each in value:
        name = f"{told(each)} {kind_of(each)}"
        named[name if as_number(each) == "nan" else f"{name} {each!r}"] = each
    return [named[name] for name in sorted(named)]


def kind_of(value: Any) -> str:
    """A type's name; numpy's are called as some of Python's."""
    name = type(value).__name__
    return f"numpy.{name}" if type(value).__module__ == "numpy" else name


def held_by_key(value: dict[Any, Any], depth: int) -> dict[str, Tree]:
    """Keys are part of what is held, with their types and in their order."""
    found: dict[str, Tree] = {}
    for number, (key, held) in enumerate(list(value.items())[:MOST_ITEMS]):
        found[f"[key {number}]"] = seen(key, depth + 1)
        found[f"[{shortened(told(key))}]"] = seen(held, depth + 1)
    found["[len]"] = Tree("number", "int", len(value))
    return found


def in_order(items: Any, depth: int) -> dict[str, Tree]:
    listed = list(items)
    found = {
        f"[{number}]": seen(each, depth + 1)
        for number, each in enumerate(listed[:MOST_ITEMS])
    }
    found["[len]"] = Tree("number", "int", len(listed))
    return found


def as_number(value: Any) -> Any:
    """A number of Python's for numpy's, else None; nan is "nan"."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        name = type(value).__name__
        if name.startswith(("int", "uint", "float", "bool", "complex", "longdouble")):
            value = value.item()
    if not isinstance(value, NUMBERS):
        return None
    return "nan" if isinstance(value, float) and math.isnan(value) else value


def as_moment(value: Any) -> str | None:
    """Dates and durations as text, the same for Python's, numpy's and pandas'."""
    if type(value).__name__ in ("NaTType", "NAType"):
        return str(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value.total_seconds())
    if type(value).__name__ in ("datetime64", "timedelta64"):
        import pandas as pd

        wrapped = pd.Timestamp if type(value).__name__ == "datetime64" else pd.Timedelta
        return as_moment(wrapped(value))
    return None


def of_library(value: Any, kind: str, depth: int) -> Tree | None:
    """Arrays of numpy, frames, series and indexes of pandas."""
    module = type(value).__module__.partition(".")[0]
    if module == "numpy" and hasattr(value, "tolist"):
        told = {"items": in_order(list(value.ravel()), depth)}
        found = {name: Tree("list", "list", held) for name, held in told.items()}
        return Tree("array", f"{kind} of {value.dtype}", found)
    if module != "pandas":
        return None
    if hasattr(value, "columns") and hasattr(value, "dtypes"):
        parts = {
            " columns": seen(list(value.columns), depth + 1),
            " index": seen(list(value.index), depth + 1),
        }
        for number, name in enumerate(value.columns):
            column = value.iloc[:, number]
            parts[f" dtype of {name!r}"] = Tree("atom", "str", str(column.dtype))
            parts[f"[{name!r}]"] = seen(column.tolist(), depth + 1)
        return Tree("frame", kind, parts)
    if hasattr(value, "index") and hasattr(value, "tolist"):
        parts = {
            " index": seen(list(value.index), depth + 1),
            " values": seen(value.tolist(), depth + 1),
        }
        return Tree("series", f"{kind} of {value.dtype}", parts)
    return None


def of_object(value: Any, kind: str, depth: int) -> Tree:
    """An object of the code's own by its attributes, another by how it is written."""
    if isinstance(value, type) or callable(value):
        return Tree("atom", kind, getattr(value, "__qualname__", kind))
    attributes = getattr(value, "__dict__", None)
    if type(value).__module__ == OWN and isinstance(attributes, dict):
        held = {f".{name}": seen(each, depth + 1) for name, each in attributes.items()}
        return Tree("object", kind, held)
    try:
        text = repr(value)
    except Exception:
        text = kind
    return Tree("atom", kind, ADDRESS.sub("", text))


def difference(before: Tree, after: Tree, where: str) -> Difference | None:
    """The first difference in what two trees hold; else the first in types."""
    if before == after:
        return None
    if isinstance(before.content, dict) and isinstance(after.content, dict):
        return of_parts(before, after, where)
    same = before.shape == after.shape and before.content == after.content
    return Difference(where, written(before), written(after), same)


def of_parts(before: Tree, after: Tree, where: str) -> Difference | None:
    if before.shape != after.shape or list(before.content) != list(after.content):
        return Difference(where, written(before), written(after), False)
    in_types: Difference | None = None
    if before.kind != after.kind:
        in_types = Difference(where, before.kind, after.kind, True)
    for name, held in before.content.items():
        found = difference(held, after.content[name], f"{where}{name}")
        if found is not None and not found.only_types:
            return found
        in_types = in_types or found
    return in_types


def written(tree: Tree) -> str:
    """A tree as a clause shows it: the value, and its type where that matters."""
    if isinstance(tree.content, dict):
        parts = [written(each) for name, each in tree.content.items() if part(name)]
        return shortened(f"{tree.kind}({', '.join(parts)})")
    text = tree.content if tree.content == "nan" else repr(tree.content)
    if tree.kind in ("str", "int", "float", "bool", "NoneType", "bytes"):
        return shortened(str(text))
    return shortened(f"{tree.kind}({text})")


def told(value: Any) -> str:
    """A value as text that is the same for 1, 1.0 and numpy's 1.0, and for dates."""
    return content(seen(value))


def content(tree: Tree) -> str:
    if isinstance(tree.content, dict):
        return f"({', '.join(content(each) for each in tree.content.values())})"
    if isinstance(tree.content, float) and tree.content.is_integer():
        return repr(int(tree.content))
    return tree.content if tree.kind == "stand-in" else repr(tree.content)


def part(name: str) -> bool:
    return name != "[len]" and not name.startswith(" dtype")


def shortened(text: str, longest: int = LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
