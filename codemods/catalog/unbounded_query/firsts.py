"""Queries of which only the first row is read."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.sinks import Sink
from codemods.catalog.unbounded_query.telling import sink_fates
from codemods.context import Context


def first_only(sink: Sink, context: Context) -> bool:
    """Whether the first row is all that is read, and is read once."""
    ends = sink_fates(sink, context)
    once = len(ends) == 1 or all(each.how == "`[0]`" for each in ends)
    return once and ends[0].kind == "first" and not _shared(sink, context)


def _shared(sink: Sink, context: Context) -> bool:
    """Whether another function reads from the same `self.cursor`."""
    receiver = (
        sink.call.func.value if isinstance(sink.call.func, ast.Attribute) else None
    )
    if not isinstance(receiver, ast.Attribute):
        return False
    home = context.enclosing(sink.call, ast.FunctionDef)
    return any(
        isinstance(node, ast.Attribute)
        and node.attr.startswith("fetch")
        and ast.unparse(node.value) == ast.unparse(receiver)
        and context.enclosing(node, ast.FunctionDef) is not home
        for node in ast.walk(context.tree)
    )
