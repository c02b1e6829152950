"""What the file puts in the place of a library's own: `json.loads = mine`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.context import Context

# Calls that replace an attribute: of an object and a name, or of a dotted name.
REPLACING = ("setattr", "object", "patch", "delattr")


def patched(context: Context) -> frozenset[str]:
    """The qualified names that stand for something else once this file has run."""
    return frozenset(
        name.removeprefix("builtins.")
        for node in (*context.every(ast.Attribute), *context.every(ast.Call))
        for name in _replaced(context, node)
    )


def is_patched(names: frozenset[str], qualified: str) -> bool:
    """Whether a name is among them, or one that ends in it: `mine.json.loads`."""
    return any(one == qualified or one.endswith(f".{qualified}") for one in names)


def _replaced(context: Context, node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=value, attr=attr, ctx=ast.Store() | ast.Del()):
            owner = context.qualified_name(value)
            if owner is not None:
                yield f"{owner}.{attr}"
        case ast.Call(
            func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *rest]
        ) if name in REPLACING:
            yield from _by_call(context, first, rest)


def _by_call(context: Context, first: ast.expr, rest: list[ast.expr]) -> Iterator[str]:
    match first, rest:
        case ast.Constant(value=str() as name), _:
            yield name
        case ast.Name() | ast.Attribute(), [ast.Constant(value=str() as name), *_]:
            owner = context.qualified_name(first)
            if owner is not None:
                yield f"{owner}.{name}"
