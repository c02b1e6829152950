"""Values that may begin with `~`, which a shell expands outside quotes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.context import Context

EXPAND = "os.path.expanduser"
PATHS = ("pathlib.Path", "pathlib.PosixPath")
# What leaves the beginning of its first argument as it is.
KEEP = ("os.path.join", "str", *PATHS)


def may_be_home(node: ast.expr, context: Context) -> bool:
    """Whether the file expands `~` in what a value begins with, but not in it.

    Where no code in view expands it, nobody says that it may be there.
    """
    if b"expanduser" not in context.facts.tree.code:
        return False
    heads = list(beginnings(node, context))
    if any(expanded(each, context) is not None for each in heads):
        return False
    return any(
        same(each, given, context)
        for call in expansions(context.tree)
        if (given := expanded(call, context)) is not None
        for each in heads
    )


# One walk for all the values of a file.
@lru_cache(maxsize=1)
def expansions(root: ast.Module) -> tuple[ast.Call, ...]:
    """The calls of a file that are spelled as if they expanded a `~`."""
    found: list[ast.Call] = []
    for node in ast.walk(root):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                found += [node] if name == "expanduser" else []
    return tuple(found)


def expanded(node: ast.expr, context: Context) -> ast.expr | None:
    """What is expanded by `os.path.expanduser(x)`, `x.expanduser()` and the like."""
    match node:
        case ast.Call(func=func, args=[given]) if (
            context.qualified_name(func) == EXPAND
        ):
            return given
        case ast.Call(func=ast.Attribute(value=path, attr="expanduser"), args=[]):
            return path_of(path, context)
    return None


def path_of(node: ast.expr, context: Context) -> ast.expr:
    match node:
        case ast.Call(func=func, args=[given]):
            if context.qualified_name(func) in PATHS:
                return given
    return node


def beginnings(node: ast.expr, context: Context) -> Iterator[ast.expr]:
    """A value, and what its text begins with, as far as that is in view."""
    seen: set[ast.expr] = set()
    head: ast.expr | None = node
    while head is not None and head not in seen:
        seen.add(head)
        yield head
        match head:
            case ast.Name():
                head = context.value_of(head)
            case ast.BinOp(left=left, op=ast.Add() | ast.Div()):
                head = left
            case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]):
                head = first
            case ast.Call(func=func, args=[first, *_]):
                head = first if context.qualified_name(func) in KEEP else None
            case _:
                head = None


def same(one: ast.expr, other: ast.expr, context: Context) -> bool:
    """Whether two expressions are written alike and mean the same variable."""
    if ast.dump(one) != ast.dump(other):
        return False
    names = [each for each in ast.walk(one) if isinstance(each, ast.Name)]
    return all(
        context.scope(name).owner(name.id) is context.scope(other).owner(name.id)
        or name.id in ("self", "cls")
        for name in names
    ) and not isinstance(one, ast.Constant)
