"""Texts that are queries, and those among them that no client in view runs."""

from __future__ import annotations

import ast
import re

from codemods.catalog.unbounded_query.bounds import extent
from codemods.catalog.unbounded_query.dialects import only_dialect
from codemods.catalog.unbounded_query.extents import Open
from codemods.catalog.unbounded_query.keys import declared_keys
from codemods.catalog.unbounded_query.parsing import Parsed, parsed
from codemods.catalog.unbounded_query.routes import Reach
from codemods.catalog.unbounded_query.template import assembled
from codemods.catalog.unbounded_query.texts import Reader, Unclear
from codemods.context import Context
from codemods.model import Decline, Verdict

_QUERY = re.compile(
    r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/|#[^\n]*\n)\s*)*\(*\s*(?:SELECT|WITH)\b",
    re.IGNORECASE | re.DOTALL,
)
# Prose may begin with "Select"; a query that nobody is seen to run is told by its case.
_SHOUTED = re.compile(r"\bSELECT\b.*\bFROM\b", re.DOTALL)


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


def unseen(
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
    dialects = (only_dialect(context) or "", "bigquery")
    attempts = (parsed(query, dialect) for dialect in dialects)
    read = next((each for each in attempts if isinstance(each, Parsed)), None)
    if read is None:
        return None
    if not isinstance(extent(read.tree, declared_keys(context)), Open):
        return None
    return Decline(
        f"which client runs it is not in view: {open_ends[0].reason}",
        message="a query without a limit",
    )
