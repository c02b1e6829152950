"""What calls return: functions and methods of the library, from `returns.toml`."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from codemods.facts.annotations import parse_type
from codemods.facts.types import BYTES, STR, Type, union

TypeOf = Callable[[ast.expr], Type | None]


@dataclass(frozen=True, slots=True)
class Returns:
    """What callables return: functions by qualified name, methods by class."""

    functions: Mapping[str, Type]
    methods: Mapping[str, Mapping[str, Type]]
    attributes: Mapping[str, Mapping[str, Type]]


@cache
def returns() -> Returns:
    """The table of returns.toml."""
    text = resources.files(__package__).joinpath("returns.toml").read_text("utf-8")
    table = tomllib.loads(text)

    def typed(rows: Mapping[str, str]) -> dict[str, Type]:
        # "a, b" = "type": several names of one type in a row.
        return {
            name.strip(): found
            for names, kind in rows.items()
            for name in names.split(",")
            if (found := parse_type(kind)) is not None
        }

    return Returns(
        functions={
            (f"{module}.{name}" if module != "builtins" else name): kind
            for module, rows in table["functions"].items()
            for name, kind in typed(rows).items()
        },
        methods={cls: typed(rows) for cls, rows in table["methods"].items()},
        attributes={cls: typed(rows) for cls, rows in table["attributes"].items()},
    )


def function(name: str, call: ast.Call, of: TypeOf) -> Type | None:
    """What a call of a function, known by its qualified name, returns."""
    known = returns().functions.get(name)
    if name.startswith("pandas.read_") and _in_pieces(call):
        return None
    if known == Type("argument"):
        return _of_path([of(argument) for argument in call.args])
    if known is not None and name in ("list", "sorted", "set", "tuple", "iter"):
        given = of(call.args[0]) if call.args else None
        element = given.element if given else None
        return Type(known.name, (element,) if element else ())
    return known


def _of_path(given: list[Type | None]) -> Type | None:
    """As os.path.join: bytes of bytes, str of str and of Path, and never of both."""
    for kind in given:
        if kind is not None and all(
            each == STR or each.name.startswith("pathlib.") for each in kind.members
        ):
            return STR
    return BYTES if BYTES in given else None


def _in_pieces(node: ast.Call) -> bool:
    """Whether a pandas reader may return an iterator or a dict of frames."""
    for keyword in node.keywords:
        if keyword.arg in (None, "chunksize", "iterator", "squeeze"):
            return True
        if keyword.arg == "sheet_name":
            value = keyword.value
            return not (isinstance(value, ast.Constant) and value.value is not None)
    return any(isinstance(argument, ast.Starred) for argument in node.args)


def method(held: Type, attr: str, call: ast.Call) -> Type | None:
    """What a call of a method of a value returns."""
    if held.name == "dict" and len(held.items) == 2:
        key, value = held.items
        match attr:
            case "keys":
                return Type("Iterator", (key,))
            case "values":
                return Type("Iterator", (value,))
    if any(_returns_nothing(keyword) for keyword in call.keywords):
        return None
    table = returns().methods
    return union(table.get(each.name, {}).get(attr) for each in held.members)


def _returns_nothing(keyword: ast.keyword) -> bool:
    """Whether a keyword may be pandas' `inplace=True`."""
    if keyword.arg == "inplace":
        value = keyword.value
        return not (isinstance(value, ast.Constant) and value.value is False)
    return keyword.arg is None


def attribute(held: Type, attr: str) -> Type | None:
    table = returns().attributes
    return union(table.get(each.name, {}).get(attr) for each in held.members)
