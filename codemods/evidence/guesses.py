"""What a name of which nothing is known may hold, by what is done with it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, NamedTuple

from codemods.context import Context

NUMBERS: list[Any] = [2, 3, 1, 0, 5]
TEXTS: list[Any] = ["x", "a b", ""]
METHODS = {
    "list": {"append", "extend", "insert", "sort", "reverse"},
    "set": {"add", "discard", "union", "difference", "issubset"},
    "dict": {"setdefault", "items", "keys", "values", "update"},
    "str": {
        *("strip", "lower", "upper", "split", "startswith", "endswith", "format"),
        *("replace", "join", "encode", "title", "lstrip", "rstrip"),
    },
}  # fmt: skip
PLAIN = ("int", "float", "str", "bool", "list", "dict", "set")
TYPES = {name: name for name in PLAIN} | {"List": "list", "Dict": "dict", "Set": "set"}


class Guess(NamedTuple):
    """A kind ("stand-in", "list", "dict", "set", "value") and what to choose from."""

    kind: str
    options: list[Any]


def guess(name: str, reads: Iterable[ast.Name], context: Context) -> Guess:
    """What `name` may hold where it is read; a stand-in where no use tells."""
    found = list(reads)
    told = next((each for read in found if (each := _declared(read, context))), None)
    kinds = (_used(read, context) for read in found)
    kind = next((each for each in kinds if each), None)
    return told or (of_kind(kind) if kind else Guess("stand-in", [name]))


def may_be_none(read: ast.Name, context: Context) -> bool:
    """Whether a name is a parameter whose default is None."""
    return any(
        each.kind == "param"
        and isinstance(each.value, ast.Constant)
        and each.value.value is None
        for each in context.definitions(read)
    )


def of_kind(kind: str) -> Guess:
    match kind:
        case "int":
            return Guess("value", NUMBERS)
        case "float":
            return Guess("value", [1.5, 0.0, 2.0, -1.0])
        case "str":
            return Guess("value", TEXTS)
        case "bool":
            return Guess("value", [True, False])
        case "few":
            return Guess("value", [[0, 1, 2], ["x", "y"]])
    return Guess(kind, [None])


def _declared(read: ast.Name, context: Context) -> Guess | None:
    """By the default or the annotation of a parameter, or a type that is known."""
    for each in context.definitions(read):
        if each.kind != "param":
            continue
        match context.parent(each.node):
            case ast.arguments(kwarg=kwarg, vararg=vararg):
                if each.node in (kwarg, vararg):
                    return of_kind("dict" if each.node is kwarg else "list")
        match each.value:
            case ast.Constant(value=bool()):
                return of_kind("bool")
            case ast.Constant(value=int() | float() | str() | None as value):
                if value is not None:
                    return Guess("value", [value])
        match each.annotation:
            case ast.Name(id=kind) | ast.Subscript(value=ast.Name(id=kind)):
                if kind in TYPES:
                    return of_kind(TYPES[kind])
    known = context.type_of(read)
    if known is not None and known.name in TYPES:
        return of_kind(TYPES[known.name])
    return None


def _used(read: ast.Name, context: Context) -> str | None:
    up = context.parent(read)
    match up:
        case ast.Attribute(attr=attr, value=value) if value is read:
            for kind, methods in METHODS.items():
                if attr in methods:
                    return kind
        case ast.Subscript(value=value, ctx=ast.Store()) if value is read:
            return "dict"
        case ast.AugAssign(target=target, value=ast.Constant(value=int() | float())):
            return "int" if target is read else None
        case ast.AugAssign(target=target, op=ast.Add()) if target is read:
            return "int"
        case ast.Compare(left=left, comparators=[other]):
            return _compared(other if left is read else left)
        case ast.BinOp(left=left, right=right, op=op):
            if isinstance(op, ast.Mod) and left is read:
                return None
            return _compared(right if left is read else left)
        case ast.Call(func=ast.Name(id="range" | "abs" | "round")):
            return "int"
        case ast.Call(func=ast.Attribute(attr="isin")) if read in up.args:
            return "few"
    return None


def _compared(other: ast.expr) -> str | None:
    match other:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float()):
            return "int"
        case ast.Constant(value=str()):
            return "str"
        case ast.Call(func=ast.Name(id="len")):
            return "int"
    return None
