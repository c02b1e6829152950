"""Reads of any number of rows: `SELECT *`, `fetchall`, `to_dataframe`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codemods.audit.measures import Measure, Spot
from codemods.audit.nodes import nodes
from codemods.catalog.unbounded_query.bounds import extent
from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.dialects import only_dialect
from codemods.catalog.unbounded_query.extents import Bounded
from codemods.catalog.unbounded_query.keys import declared_keys
from codemods.catalog.unbounded_query.parsing import Parsed, parsed
from codemods.catalog.unbounded_query.reach import reach
from codemods.catalog.unbounded_query.template import assembled
from codemods.catalog.unbounded_query.texts import Reader, Unclear
from codemods.catalog.unbounded_query.unseen import looks_like_query
from codemods.context import Context

EVERYTHING, ALL_COLUMNS, IN_MEMORY, MAYBE = 4, 3, 2, 1  # the ranks, worst first
ALL = re.compile(r"\bSELECT\s+(?:ALL\s+|DISTINCT\s+)?(?:[\w`\"]+\.)?\*", re.IGNORECASE)
READS = {"fetchall": ("list", "result"), "to_dataframe": ("frame",)}


# The star behind the word in the source, where quotes and escapes may stand between.
STAR = re.compile(
    rb"(?i)\bselect(?:\s|\\n|[\"'])+(?:all\s+|distinct\s+)?(?:[^\s,]+\.)?\*"
)


def wants(data: bytes) -> bool:
    if b"fetchall" in data or b"to_dataframe" in data:
        return True
    return any(word in data for word in (b"SELECT", b"select", b"Select")) and (
        STAR.search(data) is not None
    )


def find(context: Context) -> Iterator[Spot]:
    for kind in (ast.Constant, ast.JoinedStr, ast.Call):
        for node in nodes(context).get(kind, ()):
            match node:
                case ast.Constant(value=str()) | ast.JoinedStr():
                    yield from of_query(context, node)
                case ast.Call(func=ast.Attribute(attr=attr) as func) if attr in READS:
                    yield from of_read(context, node, func)


def of_query(context: Context, node: ast.Constant | ast.JoinedStr) -> Iterator[Spot]:
    """A `SELECT *` without a limit; with no WHERE either it is the whole table."""
    if not looks_like_query(node):
        return
    text = text_of(node)
    if not ALL.search(text) or is_part(context, node) or is_bounded(context, node):
        return
    if re.search(r"\bWHERE\b", text, re.IGNORECASE):
        yield Spot(node, "`SELECT *` without a LIMIT", ALL_COLUMNS)
    else:
        yield Spot(node, "`SELECT *` without a LIMIT or a WHERE", EVERYTHING)


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """The text of a string, with a name where an f-string has a value."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(
        str(each.value) if isinstance(each, ast.Constant) else "x"
        for each in node.values
    )


def is_part(context: Context, node: ast.expr) -> bool:
    """Whether a string is a part of another one, or prose."""
    up = context.parent(node)
    return isinstance(up, ast.JoinedStr | ast.FormattedValue | ast.Expr)


def is_bounded(context: Context, node: ast.Constant | ast.JoinedStr) -> bool:
    """Whether SQL says how many rows there are at most; read by a parser, if it can."""
    try:
        query = assembled(Reader(context, reach(context, node)).template(node))
    except Unclear:
        return False
    for dialect in (only_dialect(context) or "", "bigquery", "postgres"):
        read = parsed(query, dialect)
        if isinstance(read, Parsed):
            return isinstance(extent(read.tree, declared_keys(context)), Bounded)
    return re.search(r"\b(LIMIT|TOP)\b", query.text, re.IGNORECASE) is not None


def of_read(context: Context, call: ast.Call, func: ast.Attribute) -> Iterator[Spot]:
    """A call that holds all rows in memory, on a client or on what may be one."""
    things = clients(context)
    held = things.thing(func.value)
    made = things.thing(call)
    text = f"`{func.attr}()` holds all rows in memory"
    if made is not None and made.role in READS[func.attr]:
        yield Spot(call, text, IN_MEMORY)
    elif held is None and context.type_of(func.value) is None and not call.args:
        yield Spot(call, f"{text}, if its client is one (not in view)", MAYBE)


MEASURE = Measure(
    name="unbounded-reads",
    title="Unbounded reads",
    advice="name the columns, a LIMIT, or read in pages",
    wants=wants,
    search=r"SELECT \*|fetchall|to_dataframe",
    find=find,
)
