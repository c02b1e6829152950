"""Queries that return any number of rows: pages, streams and a LIMIT."""

from __future__ import annotations

import ast

from codemods.context import Context
from codemods.model import Codemod, Verdict

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="a query may return any number of rows",
    words=(b"SELECT", b"select", b"Select", b"bigquery", b"fetchall"),
    pattern=rb"\b(?:SELECT|select|Select)\b(?=[\s\\*({'\"])|\.(?:result|query|"
    rb"query_and_wait|list_rows|fetchall|to_dataframe)\b",
    options={"limit": 0, "page-size": 1000, "dialect": ""},
)


@CODEMOD.on(ast.Constant)
def constant(node: ast.Constant, context: Context) -> Verdict:
    """A query in one string."""
    if not isinstance(node.value, str):
        return None
    if isinstance(context.parent(node), ast.JoinedStr | ast.FormattedValue):
        return None
    return _query(node, context)


@CODEMOD.on(ast.JoinedStr)
def formatted(node: ast.JoinedStr, context: Context) -> Verdict:
    """A query in an f-string."""
    if isinstance(context.parent(node), ast.FormattedValue):
        return None
    return _query(node, context)


def _query(node: ast.Constant | ast.JoinedStr, context: Context) -> Verdict:
    from codemods.catalog.unbounded_query.queries import query_verdict

    return query_verdict(node, context)


@CODEMOD.on(ast.Call)
def call(node: ast.Call, context: Context) -> Verdict:
    """A call of a client that gives rows."""
    if not isinstance(node.func, ast.Attribute):
        return None
    match node.func.attr:
        case "result" | "query_and_wait" | "list_rows":
            from codemods.catalog.unbounded_query.paging import paging

            return paging(node, context)
        case "fetchall":
            from codemods.catalog.unbounded_query.streaming import fetched_in_head

            return fetched_in_head(node, context)
        case "to_dataframe":
            from codemods.catalog.unbounded_query.frames import framed

            return framed(node, context)
    return None


@CODEMOD.on(ast.For)
def loop(node: ast.For, context: Context) -> Verdict:
    """A loop straight over a job or over a list of all rows."""
    from codemods.catalog.unbounded_query.paging import looped

    return looped(node, context)


@CODEMOD.on(ast.ListComp)
def listed(node: ast.ListComp, context: Context) -> Verdict:
    """A list of all rows."""
    from codemods.catalog.unbounded_query.streaming import listed_once

    return listed_once(node, context)
