"""What operators and subscripts make of operands of known types."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.facts.types import BOOL, BYTES, FLOAT, FRAME, INT, SERIES, STR, Type

_NUMBERS = {"bool": 0, "int": 1, "float": 2, "complex": 3}
_PLAIN = {"str", "int", "float", "bool", "bytes", "None"}
_SEQUENCES = ("str", "bytes", "list", "tuple")
_MASKS = ("list", "pandas.Series")


def comparison(
    ops: Sequence[ast.cmpop], operands: Sequence[Type | None]
) -> Type | None:
    simple = all(isinstance(op, ast.Is | ast.IsNot) for op in ops)
    plain = all(each is not None and each.name in _PLAIN for each in operands)
    return BOOL if simple or plain else _mask(operands)


def _mask(operands: Sequence[Type | None]) -> Type | None:
    """pandas spreads an operator over its elements."""
    return next((each for each in operands if each in (SERIES, FRAME)), None)


def binary(op: ast.operator, left: Type | None, right: Type | None) -> Type | None:
    if isinstance(op, ast.Mod) and left in (STR, BYTES):
        return left
    if left is None or right is None:
        return _mask([left, right])
    if left.name in _NUMBERS and right.name in _NUMBERS:
        return _arithmetic(op, left, right)
    if isinstance(op, ast.Add) and left.name == right.name:
        if left.name in _SEQUENCES:
            return left if left == right else Type(left.name)
    if isinstance(op, ast.Mult):
        for one, other in ((left, right), (right, left)):
            if one.name in _SEQUENCES and other == INT:
                return one
    if isinstance(op, ast.Div) and left.name.startswith("pathlib."):
        return left
    return _mask([left, right])


def _arithmetic(op: ast.operator, left: Type, right: Type) -> Type | None:
    if isinstance(op, ast.Pow):
        return None
    if left == right == BOOL and isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor):
        return BOOL
    wider = max(left, right, key=lambda kind: _NUMBERS[kind.name])
    if isinstance(op, ast.Div):
        return wider if wider.name == "complex" else FLOAT
    return INT if wider == BOOL else wider


def subscript(held: Type, index: ast.expr, index_type: Type | None) -> Type | None:
    """The type of `held[index]`."""
    sliced = isinstance(index, ast.Slice)
    masked = index_type is not None and index_type.name in _MASKS
    match held.name:
        case "str":
            return held
        case "bytes":
            return held if sliced else INT
        case "list" | "tuple":
            return held if sliced else held.element
        case "dict" if len(held.items) == 2:
            return held.items[1]
        case "pandas.DataFrame":
            if masked:
                return FRAME
            return SERIES if index_type == STR else None
        case "pandas.Series" if masked:
            return SERIES
    return None
