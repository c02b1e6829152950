"""What a client is asked: the query as it runs it, and whether it is bounded."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.unbounded_query.bounds import extent
from codemods.catalog.unbounded_query.dialects import only_dialect
from codemods.catalog.unbounded_query.extents import Bounded, Open, Refused
from codemods.catalog.unbounded_query.formats import bound_values
from codemods.catalog.unbounded_query.keys import declared_keys
from codemods.catalog.unbounded_query.parsing import Parsed, Refusal, parsed
from codemods.catalog.unbounded_query.routes import COMPOSERS, Reach
from codemods.catalog.unbounded_query.sinks import Sink
from codemods.catalog.unbounded_query.template import Query, assembled
from codemods.catalog.unbounded_query.texts import Reader, Unclear
from codemods.context import Context
from codemods.model import Decline

_DESTINATION = "the job writes its rows to a destination table"
NO_DIALECT = "which SQL its database speaks is not in view"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A query that nothing bounds, as one client runs it."""

    sink: Sink
    parsed: Parsed
    extent: Open


def candidate(sink: Sink, found: Reach, context: Context) -> Candidate | Decline | None:
    """What one client's query is; None where it is bounded."""
    read = query_of(sink, found, context)
    if isinstance(read, Decline):
        return read
    match extent(read.tree, declared_keys(context)):
        case Bounded():
            return None
        case Refused(reason=reason):
            return Decline(reason)
        case Open() as found_open:
            written = _written(sink, context)
            if written:
                return Decline(written)
            return Candidate(sink, read, found_open)


def query_of(sink: Sink, found: Reach, context: Context) -> Parsed | Decline:
    """The query that a client is given, or why it cannot be read."""
    dialect = dialect_of(sink, found, context)
    try:
        template = Reader(context, found).template(sink.query)
    except Unclear as error:
        return Decline(str(error))
    query = assembled(bound_values(template, _style(sink, dialect)))
    read = parsed(query, dialect or "")
    if isinstance(read, Refusal):
        unread = dialect is None and read.at is not None
        return Decline(NO_DIALECT if unread else _placed(read, query, context))
    return read


def _placed(refusal: Refusal, query: Query, context: Context) -> str:
    """The reason with line and column in the file, where it has a place."""
    if refusal.at is None:
        return refusal.reason
    before = [end for end in query.ends[: refusal.at] if end is not None]
    if not before:
        return refusal.reason
    line, column = context.facts.tree.place(before[-1])
    return f"{refusal.reason} at line {line}, column {column}"


def dialect_of(sink: Sink, found: Reach, context: Context) -> str | None:
    """The SQL of the client, of the options, of what wraps the text, of the imports."""
    if sink.client is not None and sink.client.dialect is not None:
        return sink.client.dialect
    option = str(context.options.get("dialect") or "")
    if option:
        return option
    for node in found.route:
        if isinstance(node, ast.Call):
            spoken = COMPOSERS.get(context.qualified_name(node.func) or "")
            if spoken is not None:
                return spoken
    return only_dialect(context) if sink.client is None else None


def _style(sink: Sink, dialect: str | None) -> str:
    """Whether the driver reads `%s` as a placeholder of its own."""
    named = "" if dialect in ("sqlite", "duckdb", "tsql", "oracle") else "format"
    return "" if dialect == "bigquery" else named


def _written(sink: Sink, context: Context) -> str | None:
    """Why a BigQuery job that writes its rows to a table is left alone."""
    if sink.client is not None and sink.client.role == "configured":
        holder = context.parent(sink.query)
        return (
            _written_by_configuration(holder) if isinstance(holder, ast.Dict) else None
        )
    for keyword in sink.call.keywords:
        if keyword.arg is None:
            return "`**` may pass a destination table"
        if keyword.arg == "destination_dataset_table":
            return _DESTINATION
        if keyword.arg == "job_config":
            return _configured(keyword.value, context)
    return None


def _written_by_configuration(holder: ast.Dict) -> str | None:
    for key in holder.keys:
        if key is None:
            return "`**` may pass a destination table"
        if not isinstance(key, ast.Constant) or key.value == "destinationTable":
            return _DESTINATION
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
        for node in context.facts.tree.every(ast.Attribute)
        if isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == name
    }
    if "destination" in stored | {each.arg for each in made.keywords}:
        return _DESTINATION
    return None
