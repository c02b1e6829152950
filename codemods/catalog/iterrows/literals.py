"""What a literal holds."""

from __future__ import annotations

import ast
from typing import TypeGuard


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
