"""The nodes of a file, walked once for all measures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from codemods.context import Context
from codemods.facts.children import children

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@lru_cache(maxsize=1)
def nodes(context: Context) -> dict[type[ast.AST], list[ast.AST]]:
    """Every node of the file by its class, in no order that is relied on."""
    found: dict[type[ast.AST], list[ast.AST]] = {}
    stack: list[ast.AST] = [context.tree]
    while stack:
        node = stack.pop()
        found.setdefault(type(node), []).append(node)
        stack += children(node)
    return found


def calls(context: Context) -> list[ast.Call]:
    found = nodes(context).get(ast.Call, ())
    return [node for node in found if isinstance(node, ast.Call)]


def statements(context: Context) -> Iterator[ast.AST]:
    """The statements, handlers and cases of the file: a fraction of its nodes."""
    stack: list[ast.AST] = [context.tree]
    while stack:
        node = stack.pop()
        yield node
        for name in BLOCKS:
            stack += getattr(node, name, ())
