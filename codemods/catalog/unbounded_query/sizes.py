"""The size of a page: whether a call has one, and where it goes."""

from __future__ import annotations

import ast
import re

from codemods.context import Context
from codemods.model import Edit

_OWN_SIZE = {"page_size", "max_results"}


def is_sized(node: ast.Call) -> bool:
    """Whether the call has a size: its own, or one by position in `result(5)`."""
    named = any(keyword.arg in _OWN_SIZE for keyword in node.keywords)
    waits = isinstance(node.func, ast.Attribute) and node.func.attr == "result"
    first = node.args[0] if waits and node.args else None
    return named or (isinstance(first, ast.Constant) and first.value is not None)


# How many arguments by position are known to be neither a size nor a start.
_PLACES = {"result": 0, "query_and_wait": 1, "list_rows": 2}


def given_by_place(node: ast.Call) -> bool:
    """Whether an argument by position may be what a page size goes with badly."""
    assert isinstance(node.func, ast.Attribute)
    unpacked = any(isinstance(each, ast.Starred) for each in node.args)
    return unpacked or len(node.args) > _PLACES[node.func.attr]


# A parenthesis around the last argument, which its own span leaves out.
_CLOSED = re.compile(rb"\s*\)")


def with_size(node: ast.Call, argument: str, context: Context) -> Edit:
    """The call with one more keyword argument, behind those it has."""
    code = context.facts.tree.code
    given = [*node.args, *node.keywords]
    if given:
        end = max(context.span(each)[1] for each in given)
        closing = context.span(node)[1] - 1
        while (found := _CLOSED.match(code, end, closing)) is not None:
            end = found.end()
        return Edit(end, end, f", {argument}")
    start = context.span(node.func)[1]
    opening = code.index(b"(", start) + 1
    return Edit(opening, opening, argument)
