"""Which SQL is spoken, by a URL, a driver or the one client that a file imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from codemods.catalog.unbounded_query.tables import tables
from codemods.context import Context


def leading_text(context: Context, node: ast.expr | None, depth: int = 0) -> str:
    """How a text begins, as far as literals and names with one value tell."""
    if depth > 8:
        return ""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=[first, *_]) | ast.BinOp(left=first):
            return leading_text(context, first, depth + 1)
        case ast.Call(func=ast.Attribute(value=inner, attr="format" | "strip")):
            return leading_text(context, inner, depth + 1)
        case ast.Call(args=[first]):
            return leading_text(context, first, depth + 1)
        case ast.Name():
            return leading_text(context, context.value_of(node), depth + 1)
    return ""


def dialect_of_url(context: Context, node: ast.expr | None) -> str | None:
    text = leading_text(context, node)
    scheme, found, _ = text.partition(":")
    if found:
        dialect = tables().urls.get(scheme.partition("+")[0].lower())
        if dialect:
            return dialect
    return "tsql" if "sql server" in text.lower() else None


@lru_cache(maxsize=1)
def only_dialect(context: Context) -> str | None:
    """The dialect of the one database family that the file imports."""
    found = {family for each in _imported(context) for family in _families(each)}
    return found.pop() if len(found) == 1 else None


def imports(context: Context, module: str) -> bool:
    """Whether the file imports a module or something of it."""
    return any(f"{each}.".startswith(f"{module}.") for each in _imported(context))


@lru_cache(maxsize=1)
def _imported(context: Context) -> frozenset[str]:
    """The qualified names of all that the file imports."""
    every = context.facts.tree.every(ast.alias)
    return frozenset(map(context.facts.imported, every))


def _families(module: str) -> Iterator[str | None]:
    for root, family in tables().roots.items():
        if module == root or module.startswith(root + "."):
            made = [each for each in tables().made.values() if each.family == family]
            yield made[0].dialect
