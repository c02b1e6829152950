"""`to_dataframe()` of a query that is not in view: what would bound it."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.unseen import looks_like_query
from codemods.context import Context
from codemods.model import Decline, Verdict


def framed(node: ast.Call, context: Context) -> Verdict:
    """The verdict on a load into a DataFrame whose SQL is somewhere else."""
    func = node.func
    assert isinstance(func, ast.Attribute)
    thing = clients(context).thing(func.value)
    if thing is None or thing.family != "bigquery":
        return None
    if _query_in_view(func.value, context, 0):
        # The finding at the query's text tells of this load.
        return None
    return Decline(
        "the query is not in view here: select only the columns that are used, read "
        f"`{func.attr}_iterable()` in pieces, or give the query a LIMIT",
        urgent=True,
        message="a whole query result is loaded into memory",
    )


def _query_in_view(node: ast.expr, context: Context, depth: int) -> bool:
    """Whether the text of the query behind a job or its rows stands in this file."""
    if depth > 8:
        return False
    match node:
        case ast.Constant() | ast.JoinedStr():
            return looks_like_query(node)
        case ast.Name():
            value = context.value_of(node)
            return value is not None and _query_in_view(value, context, depth + 1)
        case ast.Call(func=ast.Attribute(value=inner, attr="result" | "format")):
            return _query_in_view(inner, context, depth + 1)
        case ast.Call(
            func=ast.Attribute(attr="query" | "query_and_wait"), args=[first, *_]
        ):
            return _query_in_view(first, context, depth + 1)
        case ast.Call(args=[first, *_]):
            return _query_in_view(first, context, depth + 1)
        case ast.BinOp(left=left):
            return _query_in_view(left, context, depth + 1)
    return False
