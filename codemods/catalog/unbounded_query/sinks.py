"""Calls that run a query, and calls that only talk about it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context

TALKS = {"print", "len", "repr", "isinstance", "hash"}


# Methods of loggers, by their place in `logging`; the receiver is asked for too.
_LOGS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}


@dataclass(frozen=True, slots=True)
class Sink:
    """A client's call that runs the text.

    `query` is its argument, `client` what runs it (None: known by the method only),
    `through` the calls of the file's own functions on the way, outermost first.
    """

    call: ast.Call
    query: ast.expr
    client: Thing | None
    through: tuple[ast.Call, ...] = ()


def sink_of(
    context: Context, call: ast.Call, given: ast.expr
) -> tuple[ast.Call, Thing | None] | None:
    """The client that runs `given` in this call, if one does."""
    name = context.qualified_name(call.func)
    function = tables().functions.get(name or "")
    if function is not None and function.gives == "configured":
        return None
    if not _is_query_argument(call, given):
        return None
    if function is not None:
        return call, clients(context).thing(call)
    if not isinstance(call.func, ast.Attribute):
        return None
    thing = clients(context).thing(call.func.value)
    if thing is not None:
        return (call, thing) if tables().takes_query(thing, call.func.attr) else None
    if call.func.attr == "query" and clients(context).thing(call) is not None:
        return call, Thing("bigquery", "client", "bigquery")
    if call.func.attr in ("execute", "exec_driver_sql"):
        return call, None
    return None


def task_of(
    context: Context, holder: ast.expr, given: ast.expr
) -> tuple[ast.Call, Thing | None] | None:
    """The operator that runs `given`, in a list of several or in a configuration."""
    up = context.parent(holder)
    match holder, up:
        case (ast.List() | ast.Tuple(), ast.keyword()):
            call = context.parent(up)
            if isinstance(call, ast.Call):
                thing = clients(context).thing(call)
                operates = thing is not None and thing.family == "airflow"
                return sink_of(context, call, holder) if operates else None
        case (ast.Dict(), ast.Dict()) if _entry(holder, given) == "query":
            word = context.parent(up)
            call = context.parent(word) if isinstance(word, ast.keyword) else None
            if _entry(up, holder) == "query" and isinstance(call, ast.Call):
                thing = clients(context).thing(call)
                if thing is not None and thing.role == "configured":
                    return call, thing
    return None


def _entry(holder: ast.Dict, value: ast.expr) -> object:
    key = holder.keys[holder.values.index(value)]
    return key.value if isinstance(key, ast.Constant) else None


def _is_query_argument(call: ast.Call, given: ast.expr) -> bool:
    if call.args:
        return call.args[0] is given
    named = [each for each in call.keywords if each.value is given]
    return bool(named) and named[0].arg in tables().keywords


def is_log(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=value, attr=attr) if attr in _LOGS:
            return "log" in ast.unparse(value).lower() or "warn" in ast.unparse(value)
    return False
