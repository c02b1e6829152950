"""Queries of which only the first row is read.

That is certain only where nothing else can read on: every use of what holds the rows
is in view, in the function that runs the query.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.unbounded_query.handling import (
    handled,
    home_of,
    outer,
    uses_of,
)
from codemods.catalog.unbounded_query.owned import (
    hands_out_rows,
    is_new,
    is_own,
    is_shared,
)
from codemods.catalog.unbounded_query.sinks import Sink
from codemods.catalog.unbounded_query.telling import sink_fates
from codemods.context import Context

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_CHOICES = (ast.IfExp, ast.BoolOp, ast.ListComp, ast.SetComp, ast.DictComp)


def first_only(sink: Sink, context: Context) -> bool:
    """Whether the first row is all that is read, and is read once."""
    ends = sink_fates(sink, context)
    once = len(ends) == 1 or all(each.how == "`[0]`" for each in ends)
    if not once or ends[0].kind != "first":
        return False
    home = home_of(context, sink.call)
    if any(home_of(context, each.node) is not home for each in ends):
        return False
    if isinstance(home, ast.ClassDef):
        # Its names are attributes, for all to read.
        return False
    return not _named_for_all(sink.call, context) and _none_reads_on(sink, context)


def _named_for_all(call: ast.Call, context: Context) -> bool:
    """Whether the result gets a name that other functions rebind."""
    whole = outer(context, call)
    return any(
        each.value is whole and is_shared(each.name, call, context)
        for each in context.bindings(context.statement(call))
    )


def _none_reads_on(sink: Sink, context: Context) -> bool:
    """Whether nothing else reads what the receiver of the query has left."""
    func = sink.call.func
    if not isinstance(func, ast.Attribute) or not hands_out_rows(sink.client):
        # A connection gives each query a cursor of its own.
        return True
    match func.value:
        case ast.Call() as made:
            return is_new(made, context)
        case ast.Name() as name:
            return is_own(name, context) and _reads_one(name, sink.call, context)
    # An attribute is read by whoever holds the object.
    return False


def _reads_one(name: ast.Name, call: ast.Call, context: Context) -> bool:
    """Whether one row at most is read before the cursor is certainly asked anew."""
    start = context.span(call)[1]
    uses = uses_of(context, name)
    inside = _outermost_loop(call, context)
    for use in uses:
        early = context.span(use)[0] < start and use is not name
        if early and inside in [*context.ancestors(use)]:
            # The next round may read there what this one has left.
            if handled(context, use) == "reads":
                return False
    stands_alone = isinstance(context.parent(outer(context, call)), ast.Expr)
    later = [use for use in uses if context.span(use)[0] >= start]
    return len(list(_reads(later, call, context))) <= stands_alone


def _reads(
    later: list[ast.expr], call: ast.Call, context: Context
) -> Iterator[ast.expr]:
    """The reads after `call` that may find what its query has left."""
    shielded: list[list[ast.stmt]] = []
    for use in later:
        kind = handled(context, use)
        if kind == "asks":
            shielded += _certain(use, call, context)
        elif kind == "reads":
            around = {context.statement(use), *context.ancestors(use)}
            if not any(around & {*block} for block in shielded):
                yield use


def _certain(
    use: ast.expr, call: ast.Call, context: Context
) -> Iterator[list[ast.stmt]]:
    """The block in which who goes on from `call` to below `use` comes by `use`."""
    statement = context.statement(use)
    for up in context.ancestors(use):
        if up is statement:
            break
        if isinstance(up, _CHOICES):
            return
    around = {context.statement(call), *context.ancestors(call)}
    home = context.parent(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(home, name, None)
        if isinstance(block, list) and statement in block and around & {*block}:
            yield block


def _outermost_loop(node: ast.AST, context: Context) -> ast.AST | None:
    home = home_of(context, node)
    found = None
    for up in context.ancestors(node):
        if up is home:
            break
        if isinstance(up, _LOOPS):
            found = up
    return found
