"""The nodes of a file, walked once for all measures."""

from __future__ import annotations

import ast
from functools import lru_cache

from codemods.context import Context


@lru_cache(maxsize=1)
def nodes(context: Context) -> dict[type[ast.AST], list[ast.AST]]:
    """Every node of the file by its class, in no order that is relied on."""
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in ast.walk(context.tree):
        found.setdefault(type(node), []).append(node)
    return found


def calls(context: Context) -> list[ast.Call]:
    found = nodes(context).get(ast.Call, ())
    return [node for node in found if isinstance(node, ast.Call)]
