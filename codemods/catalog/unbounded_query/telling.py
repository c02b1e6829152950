"""Findings in words: consumers, advice and caveats."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.cursors import fates
from codemods.catalog.unbounded_query.extents import Open
from codemods.catalog.unbounded_query.fates import Fate
from codemods.catalog.unbounded_query.sinks import Sink
from codemods.context import Context
from codemods.model import Decline

_IN_MEMORY = {"collected", "frame", "mapped"}


def sink_fates(sink: Sink, context: Context) -> list[Fate]:
    if sink.client is not None and sink.client.family == "pandas":
        return [
            Fate("frame", sink.call, f"loaded by `{ast.unparse(sink.call.func)}()`")
        ]
    thing = clients(context).thing(sink.call)
    match thing.role if thing is not None else None:
        case "frame":
            how = f"loaded by `{ast.unparse(sink.call.func)}()`"
            return [Fate("frame", sink.call, how)]
        case "list":
            found = fates(context, sink.call)
            if found and all(each.kind == "first" for each in found):
                return found
            return [Fate("collected", sink.call, "collected by the call itself")]
        case "row":
            return [Fate("first", sink.call, "read by the call itself")]
        case "task" | "configured" | "every":
            return [Fate("collected", sink.call, "kept by the task")]
    return [each for each in fates(context, sink.call) if each.kind != "waited"]


def told(reason: str, sinks: Sequence[Sink], context: Context) -> Decline:
    """A decline that names the consumer; what fills memory comes first."""
    ends = [each for one in sinks for each in sink_fates(one, context)]
    urgent = any(each.kind in _IN_MEMORY for each in ends)
    return Decline(reason, urgent=urgent, message=message(sinks, context))


def message(sinks: Sequence[Sink], context: Context) -> str:
    ends = [each for one in sinks for each in sink_fates(one, context)]
    ends.sort(key=lambda each: each.kind not in _IN_MEMORY)
    if not ends:
        return f"a query without a limit, run at line {context.line(sinks[0].call)}"
    where = context.line(ends[0].node)
    return f"a query without a limit, its rows {ends[0].how} (line {where})"


_ADVICE = {
    "frame": "select only the columns that are used, read it in pieces, or set one",
    "collected": "iterate over the rows, or set one",
    "mapped": "iterate over the rows, or set one",
    "iterated": "the rows stream; set one where fewer will do",
    "pages": "the rows stream; set one where fewer will do",
}


def without_size(ends: Sequence[Fate]) -> str:
    kinds = [each.kind for each in ends]
    worst = next((kind for kind in _ADVICE if kind in kinds), None)
    return (
        f"no `limit` is set: {_ADVICE[worst] if worst else 'set one if fewer will do'}"
    )


def caveat(extent: Open, size: int, first: bool) -> str:
    rows = "one row comes back" if size == 1 else f"at most {size} rows come back"
    if first:
        rows = "only one row comes back, as only the first is read"
    kept = (
        "; its ORDER BY says which, but for ties"
        if extent.ordered
        else "; without an ORDER BY it is arbitrary which"
    )
    cut = "; whole groups are cut" if extent.groups and not first else ""
    return rows + kept + cut


def elsewhere(kept: Sequence[str], rows: Sequence[str]) -> str:
    """What a caveat adds where other files may use what a query is kept in."""
    if kept:
        return f"; whatever else runs `{kept[0]}` gets the limit too"
    if rows:
        return f"; no other file may read on from `{rows[0]}`"
    return ""


def more_elsewhere(kept: Sequence[str]) -> str:
    return f"other files may run `{kept[0]}` and read more of it than the first row"
