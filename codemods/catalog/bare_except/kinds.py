"""What is known of a value's type: a union of kinds, one of which may be unknown."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Kinds: TypeAlias = "frozenset[Kind]"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type: its qualified name, the types of its elements, its constant if any.

    `record` is a tuple of fixed length, whose `of` lists the elements in order;
    `tuple` is one of any length. `literal` holds the one value of a constant.
    """

    name: str
    of: tuple[Kinds, ...] = ()
    literal: tuple[str | bytes | int | float, ...] = ()

    def __str__(self) -> str:
        if not self.of:
            return self.name
        inside = ", ".join(map(text_of, self.of))
        match self.name:
            case "tuple":
                return f"tuple[{inside}, ...]"
            case "record":
                return f"tuple[{inside}]"
        return f"{self.name}[{inside}]"


VARIABLES = ("T", "K", "V")
UNKNOWN: Kinds = frozenset({Kind("Unknown")})
NEVER: Kinds = frozenset()


def kind(name: str, *of: Kinds) -> Kinds:
    return frozenset({Kind(name, of)})


# Something that runs code of the file, or of others, when it is iterated over.
GENERATOR: Kinds = kind("Generator")
CALLABLES = ("Function", "Method", "Class", "Generator")


def literal(value: str | bytes | int | float) -> Kinds:
    return frozenset({Kind(type(value).__name__, (), (value,))})


def union(several: Iterable[Kinds]) -> Kinds:
    return frozenset().union(*several)


def text_of(kinds: Kinds) -> str:
    return " | ".join(sorted(map(str, kinds))) or "Never"


@lru_cache(maxsize=4096)
def parse_kinds(text: str) -> Kinds:
    """The kinds an annotation-like text names: `list[str] | None`.

    Raises ValueError for a text that is no type.
    """
    try:
        return _kinds(ast.parse(text.strip(), mode="eval").body)
    except SyntaxError as error:
        raise ValueError(f"{text!r} is not a type") from error


def _kinds(node: ast.expr) -> Kinds:
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            return _kinds(left) | _kinds(right)
        case ast.Constant(None):
            return kind("None")
        case ast.Name("Never"):
            return NEVER
        case ast.Subscript(ast.Name("Literal"), ast.Tuple(values)):
            return union(map(_literal, values))
        case ast.Subscript(ast.Name("Literal"), value):
            return _literal(value)
        case ast.Subscript(ast.Name("tuple"), ast.Tuple([one, ast.Constant(x)])) if (
            x is Ellipsis
        ):
            return kind("tuple", _kinds(one))
        case ast.Subscript(ast.Name("tuple"), ast.Tuple(several)):
            return kind("record", *map(_kinds, several))
        case ast.Subscript(ast.Name("tuple"), one):
            return kind("record", _kinds(one))
        case ast.Subscript(outer, ast.Tuple(several)):
            return kind(ast.unparse(outer), *map(_kinds, several))
        case ast.Subscript(outer, one):
            return kind(ast.unparse(outer), _kinds(one))
        case ast.Name() | ast.Attribute():
            return kind(ast.unparse(node))
    raise ValueError(f"{ast.unparse(node)!r} is not a type")


def _literal(node: ast.expr) -> Kinds:
    return literal(ast.literal_eval(node))


def fill(kinds: Kinds, values: Mapping[str, Kinds], *, free: bool = False) -> Kinds:
    """The kinds with type variables replaced; one not given is unknown, or free."""
    return union(_filled(one, values, free) for one in kinds)


def _filled(one: Kind, values: Mapping[str, Kinds], free: bool) -> Kinds:
    if one.name in VARIABLES:
        itself = frozenset({one})
        return values.get(one.name, itself if free else UNKNOWN)
    if not one.of:
        return frozenset({one})
    of = tuple(fill(each, values, free=free) for each in one.of)
    return frozenset({Kind(one.name, of, one.literal)})
