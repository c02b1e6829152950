"""The verdict on the text of a query: bounded, limited, or why it stays as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.catalog.unbounded_query import bounds, limiting, loops
from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.keys import declared_keys
from codemods.catalog.unbounded_query.reach import Reach, Sink, reach
from codemods.catalog.unbounded_query.rows import Fate, fates
from codemods.catalog.unbounded_query.template import Query, assembled
from codemods.catalog.unbounded_query.texts import Reader, Unclear, bound_values
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

_QUERY = re.compile(
    r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/|#[^\n]*\n)\s*)*\(*\s*(?:SELECT|WITH)\b",
    re.IGNORECASE | re.DOTALL,
)
# Prose may begin with "Select"; a query that nobody is seen to run is told by its case.
_SHOUTED = re.compile(r"\bSELECT\b.*\bFROM\b", re.DOTALL)
_NO_DIALECT = "which SQL its database speaks is not in view"
_IN_MEMORY = {"collected", "frame", "mapped"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A query that nothing bounds, as one client runs it."""

    sink: Sink
    parsed: limiting.Parsed
    extent: bounds.Open


def query_verdict(node: ast.Constant | ast.JoinedStr, context: Context) -> Verdict:
    """The verdict on a string; None where it is no query, or one that is bounded."""
    if not looks_like_query(node):
        return None
    found = reach(context, node)
    if not found.sinks:
        return _unseen(node, found, context)
    repeated = _repeated(found, context)
    if repeated is not None:
        return repeated
    candidates: list[Candidate] = []
    for sink in found.sinks:
        judged = _candidate(sink, found, context)
        if isinstance(judged, Decline):
            return _told(judged.reason, found.sinks, context)
        if judged is not None:
            candidates.append(judged)
    if not candidates:
        return None
    if found.lost:
        return _told(found.lost[0].reason, found.sinks, context)
    return _limited(candidates, found, context)


def looks_like_query(node: ast.Constant | ast.JoinedStr) -> bool:
    """Whether a string begins as a SELECT does."""
    text = ""
    match node:
        case ast.Constant(value=str() as value):
            text = value
        case ast.JoinedStr(values=[ast.Constant(value=str() as value), *_]):
            text = value
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant() as second, *_]):
            return bool(re.match(r"\s*SELECT\b", str(second.value)))
    return _QUERY.match(text) is not None


def _unseen(
    node: ast.Constant | ast.JoinedStr, found: Reach, context: Context
) -> Verdict:
    """A query that no client in view runs: reported where it is surely a query."""
    open_ends = [each for each in found.lost if not each.part]
    if not open_ends or not _SHOUTED.search(context.text(node)):
        return None
    try:
        query = assembled(Reader(context, found).template(node))
    except Unclear:
        return None
    dialects = (clients(context).only_dialect() or "", "bigquery")
    read = [limiting.parsed(query, dialect) for dialect in dialects]
    parsed = next((r for r in read if isinstance(r, limiting.Parsed)), None)
    if parsed is None:
        return None
    if not isinstance(bounds.extent(parsed.tree, declared_keys(context)), bounds.Open):
        return None
    return Decline(
        f"which client runs it is not in view: {open_ends[0].reason}",
        message="a query without a limit",
    )


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


def _candidate(
    sink: Sink, found: Reach, context: Context
) -> Candidate | Decline | None:
    """What one client's query is; None where it is bounded."""
    dialect = _dialect(sink, context)
    try:
        template = Reader(context, found).template(sink.query)
    except Unclear as error:
        return Decline(str(error))
    query = assembled(bound_values(template, _style(sink, dialect)))
    parsed = limiting.parsed(query, dialect or "")
    if isinstance(parsed, limiting.Refusal):
        unread = dialect is None and parsed.at is not None
        return Decline(_NO_DIALECT if unread else _placed(parsed, query, context))
    match bounds.extent(parsed.tree, declared_keys(context)):
        case bounds.Bounded():
            return None
        case bounds.Refused(reason=reason):
            return Decline(reason)
        case bounds.Open() as extent:
            written = _written(sink, context)
            return Decline(written) if written else Candidate(sink, parsed, extent)


def _placed(refusal: limiting.Refusal, query: Query, context: Context) -> str:
    """The reason with line and column in the file, where it has a place."""
    if refusal.at is None:
        return refusal.reason
    before = [end for end in query.ends[: refusal.at] if end is not None]
    if not before:
        return refusal.reason
    line, column = context.facts.tree.place(before[-1])
    return f"{refusal.reason} at line {line}, column {column}"


def _dialect(sink: Sink, context: Context) -> str | None:
    if sink.client is not None and sink.client.dialect is not None:
        return sink.client.dialect
    option = str(context.options.get("dialect") or "")
    if option:
        return option
    return clients(context).only_dialect() if sink.client is None else None


def _style(sink: Sink, dialect: str | None) -> str:
    """Whether the driver reads `%s` as a placeholder of its own."""
    named = "" if dialect in ("sqlite", "duckdb", "tsql", "oracle") else "format"
    return "" if dialect == "bigquery" else named


def _written(sink: Sink, context: Context) -> str | None:
    """Why a BigQuery job that writes its rows to a table is left alone."""
    for keyword in sink.call.keywords:
        if keyword.arg is None:
            return "`**` may pass a destination table"
        if keyword.arg == "job_config":
            return _configured(keyword.value, context)
    return None


def _configured(value: ast.expr, context: Context) -> str | None:
    if isinstance(value, ast.Constant) and value.value is None:
        return None
    name = ast.unparse(value)
    made = context.value_of(value) if isinstance(value, ast.Name) else value
    if (
        not isinstance(made, ast.Call)
        or not (context.qualified_name(made.func) or "").endswith(".QueryJobConfig")
        or any(each.arg is None for each in made.keywords)
    ):
        return "the job's configuration is not in view: it may name a destination"
    stored = {
        node.attr
        for node in ast.walk(context.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == name
    }
    if "destination" in stored | {each.arg for each in made.keywords}:
        return "the job writes its rows to a destination table"
    return None


def _limited(
    candidates: Sequence[Candidate], found: Reach, context: Context
) -> Verdict:
    """The query with its limit, or why it has none."""
    ends = [each for one in candidates for each in _fates(one.sink, context)]
    if not ends:
        return _told("nothing in view reads its rows", found.sinks, context)
    first = all(_first_only(one.sink, context) for one in candidates)
    if any(each.kind == "one" for each in ends):
        return _told(
            "the call that reads it wants exactly one row", found.sinks, context
        )
    size = 1 if first else _size(context)
    if size <= 0:
        return _told(_without_size(ends), found.sinks, context)
    edits: set[Edit] = set()
    for each in candidates:
        spot = _spot(each, size, context)
        if isinstance(spot, str):
            return _told(spot, found.sinks, context)
        edits.add(spot)
    return Fix(
        tuple(edits),
        caveat=_caveat(candidates[0].extent, size, first),
        message=_message(found.sinks, context),
    )


def _first_only(sink: Sink, context: Context) -> bool:
    """Whether the first row is all that is read, and is read once."""
    ends = _fates(sink, context)
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


def _size(context: Context) -> int:
    """The user's limit, 0 where none is set."""
    limit = context.options.get("limit")
    return limit if isinstance(limit, int) else 0


def _spot(candidate: Candidate, size: int, context: Context) -> Edit | str:
    """The edit in the file, or why there is none."""
    if _dialect(candidate.sink, context) is None:
        return _NO_DIALECT
    spot = limiting.place(candidate.parsed, size)
    if isinstance(spot, limiting.Refusal):
        return spot.reason
    query: Query = candidate.parsed.query
    at = query.ends[spot.at - 1]
    if at is None:
        return "the query ends in a text that is not written here"
    return Edit(at, at, spot.text)


def _fates(sink: Sink, context: Context) -> list[Fate]:
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
    return [each for each in fates(context, sink.call) if each.kind != "waited"]


def _told(reason: str, sinks: Sequence[Sink], context: Context) -> Decline:
    """A decline that names the consumer; what fills memory comes first."""
    ends = [each for one in sinks for each in _fates(one, context)]
    urgent = any(each.kind in _IN_MEMORY for each in ends)
    return Decline(reason, urgent=urgent, message=_message(sinks, context))


def _message(sinks: Sequence[Sink], context: Context) -> str:
    ends = [each for one in sinks for each in _fates(one, context)]
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


def _without_size(ends: Sequence[Fate]) -> str:
    kinds = [each.kind for each in ends]
    worst = next((kind for kind in _ADVICE if kind in kinds), None)
    return (
        f"no `limit` is set: {_ADVICE[worst] if worst else 'set one if fewer will do'}"
    )


def _caveat(extent: bounds.Open, size: int, first: bool) -> str:
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
