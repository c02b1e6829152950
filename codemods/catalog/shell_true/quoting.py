"""The quotation mark that a command is written with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.context import Context


TRIPLE = ("'''", '"""')


def quote_of(command: ast.expr, context: Context) -> str:
    """The mark, or all three, of the first text in a command or in its name."""
    for node in ast.walk(command):
        if isinstance(node, ast.Name):
            value = context.value_of(node)
            if isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp):
                return quote_of(value, context)
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = context.text(node).lstrip("rRbBfFuU")
            if text[:1] in ("'", '"'):
                return text[:3] if text[:3] in TRIPLE else text[:1]
    return '"'
