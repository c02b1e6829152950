"""What a literal holds, and which expressions are numbers."""

from __future__ import annotations

import ast
from typing import TypeGuard

from codemods.context import Context


def constant(node: ast.expr) -> object:
    """The value of a literal, a negative number too; None for anything else."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
            return value
    return None


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def numeric(value: ast.expr, context: Context) -> bool:
    """A number, or a literal list of nothing else."""
    if isinstance(value, ast.List | ast.Tuple):
        return bool(value.elts) and all(numeric(e, context) for e in value.elts)
    kind = context.type_of(value)
    return kind is not None and kind.name in ("int", "float", "bool")


def strings(node: ast.expr) -> list[str] | None:
    """The strings of a literal list, or of one literal."""
    parts = elements(node)
    found = [
        each.value
        for each in parts
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return found if len(found) == len(parts) else None


def elements(node: ast.expr) -> list[ast.expr]:
    """The parts of a literal list or tuple, or the one thing it is."""
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
