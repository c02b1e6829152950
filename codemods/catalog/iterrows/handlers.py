"""Which exceptions the code around a loop, or in it, catches by name."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def catches(handlers: tuple[str, ...], nodes: Iterable[ast.AST]) -> bool:
    """Whether one of some `try` statements names one of these exceptions."""
    return any(
        isinstance(part, ast.Name) and part.id in handlers
        for each in nodes
        if isinstance(each, ast.Try | ast.TryStar)
        for handler in each.handlers
        if handler.type is not None
        for part in ast.walk(handler.type)
    )
