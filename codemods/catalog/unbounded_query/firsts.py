"""Queries of which only the first row is read."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.callers import attributes
from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.sinks import Sink
from codemods.catalog.unbounded_query.telling import sink_fates
from codemods.context import Context

_READS_NOTHING = {"close", "connection", "commit", "rollback", "cursor", "lastrowid",
                  "rowcount", "description", "row_factory"}  # fmt: skip


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
    thing = clients(context).thing(receiver)
    if thing is not None and thing.role != "cursor":
        # A connection gives each query a cursor of its own.
        return False
    home = context.enclosing(sink.call, ast.FunctionDef)
    spelled = ast.dump(receiver)
    return any(
        ast.dump(node) == spelled
        and context.enclosing(node, ast.FunctionDef) is not home
        and not _asks_anew(node, context)
        for node in attributes(context).get(receiver.attr, ())
    )


def _asks_anew(node: ast.Attribute, context: Context) -> bool:
    """Whether a use of a cursor reads nothing that is left of the query before."""
    up = context.parent(node)
    if isinstance(up, ast.Attribute):
        return up.attr.startswith("execute") or up.attr in _READS_NOTHING
    return False
