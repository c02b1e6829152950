"""The verdict on the text of a query: bounded, limited, or why it stays as it is."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.catalog.unbounded_query import loops
from codemods.catalog.unbounded_query.candidates import (
    NO_DIALECT,
    Candidate,
    candidate,
)
from codemods.catalog.unbounded_query.complete import why_all
from codemods.catalog.unbounded_query.firsts import first_only
from codemods.catalog.unbounded_query.kept import names_of, rows_of
from codemods.catalog.unbounded_query.limiting import place
from codemods.catalog.unbounded_query.parsing import Refusal
from codemods.catalog.unbounded_query.reach import reach
from codemods.catalog.unbounded_query.routes import Reach
from codemods.catalog.unbounded_query.telling import (
    caveat,
    elsewhere,
    message,
    more_elsewhere,
    sink_fates,
    told,
    without_size,
)
from codemods.catalog.unbounded_query.template import Query
from codemods.catalog.unbounded_query.unseen import looks_like_query, unseen
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict


def query_verdict(node: ast.Constant | ast.JoinedStr, context: Context) -> Verdict:
    """The verdict on a string; None where it is no query, or one that is bounded."""
    if not looks_like_query(node):
        return None
    found = reach(context, node)
    if not found.sinks:
        return unseen(node, found, context)
    repeated = _repeated(found, context)
    if repeated is not None:
        return repeated
    candidates: list[Candidate] = []
    for sink in found.sinks:
        judged = candidate(sink, found, context)
        if isinstance(judged, Decline):
            return told(judged.reason, found.sinks, context)
        if judged is not None:
            candidates.append(judged)
    if not candidates:
        return None
    if found.lost:
        return told(found.lost[0].reason, found.sinks, context)
    return _limited(candidates, found, context)


def _repeated(found: Reach, context: Context) -> Verdict:
    for sink in found.sinks:
        for call in (sink.call, *sink.through):
            loop = loops.outer_loop(context, call)
            if loop is not None:
                line = context.line(loop.iter)
                return Decline(
                    f"the call at line {context.line(sink.call)} runs it once for each "
                    f"row of the query that line {line} iterates: one query with a "
                    "join or an IN list would do",
                    urgent=True,
                    message="one query for each row of another (N+1)",
                )
    return None


def _limited(
    candidates: Sequence[Candidate], found: Reach, context: Context
) -> Verdict:
    """The query with its limit, or why it has none."""
    ends = [each for one in candidates for each in sink_fates(one.sink, context)]
    if not ends:
        return told("nothing in view reads its rows", found.sinks, context)
    kept = names_of(found, context)
    read_once = all(first_only(one.sink, context) for one in candidates)
    first = read_once and not kept
    if all(each.kind == "counted" for each in ends):
        return told(
            "its rows are counted: a limit caps the count", found.sinks, context
        )
    if any(each.kind == "one" for each in ends):
        return told(
            "the call that reads it wants exactly one row", found.sinks, context
        )
    if not read_once:
        for one in candidates:
            why = why_all(one.sink, one.parsed.tree, context)
            if why is not None:
                return told(why, found.sinks, context)
    size = 1 if first else _size(context)
    if size <= 0:
        why = more_elsewhere(kept) if read_once else without_size(ends)
        return told(why, found.sinks, context)
    edits: set[Edit] = set()
    for each in candidates:
        spot = _spot(each, size, context)
        if isinstance(spot, str):
            return told(spot, found.sinks, context)
        edits.add(spot)
    return Fix(
        tuple(edits),
        caveat=caveat(candidates[0].extent, size, first)
        + elsewhere(kept, _rows_shared(candidates, context) if first else []),
        message=message(found.sinks, context),
    )


def _rows_shared(candidates: Sequence[Candidate], context: Context) -> list[str]:
    return sorted({name for one in candidates for name in rows_of(one.sink, context)})


def _size(context: Context) -> int:
    """The user's limit, 0 where none is set."""
    limit = context.options.get("limit")
    return limit if isinstance(limit, int) else 0


def _spot(candidate: Candidate, size: int, context: Context) -> Edit | str:
    """The edit in the file, or why there is none."""
    if not candidate.parsed.dialect:
        return NO_DIALECT
    spot = place(candidate.parsed, size)
    if isinstance(spot, Refusal):
        return spot.reason
    query: Query = candidate.parsed.query
    at = query.ends[spot.at - 1]
    if at is None:
        return "the query ends in a text that is not written here"
    return Edit(at, at, spot.text)
