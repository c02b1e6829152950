"""What the file puts in the place of a library's own: `json.loads = mine`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from codemods.facts.tree import Tree

Qualified = Callable[[ast.expr], str | None]

# Calls that replace an attribute: of an object and a name, or of a dotted name.
REPLACING = ("setattr", "object", "patch", "multiple", "delattr")


def patched(tree: Tree, qualified: Qualified) -> frozenset[str]:
    """The qualified names that stand for something else once this file has run."""
    return frozenset(
        name.removeprefix("builtins.")
        for node in (*tree.every(ast.Attribute), *tree.every(ast.Call))
        for name in _replaced(qualified, node)
    )


def is_patched(names: frozenset[str], qualified: str) -> bool:
    """Whether a name, or a module that it is in, is among them.

    One that ends in it counts: `mine.json.loads`.
    """
    parts = qualified.split(".")
    heads = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(
        one == head or one.endswith(f".{head}") for one in names for head in heads
    )


def _replaced(qualified: Qualified, node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=value, attr=attr, ctx=ast.Store() | ast.Del()):
            owner = qualified(value)
            if owner is not None:
                yield f"{owner}.{attr}"
        case ast.Call(
            func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *rest]
        ) if name in REPLACING:
            yield from _by_call(qualified, first, rest)


def _by_call(
    qualified: Qualified, first: ast.expr, rest: list[ast.expr]
) -> Iterator[str]:
    match first, rest:
        case ast.Constant(value=str() as name), _:
            yield name
        case ast.Name() | ast.Attribute(), [ast.Constant(value=str() as name), *_]:
            owner = qualified(first)
            if owner is not None:
                yield f"{owner}.{name}"
