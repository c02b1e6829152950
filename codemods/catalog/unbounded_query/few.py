"""Queries that yield one row by their shape: aggregates and look-ups by a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.extents import Bounded, IsKey, Refused

if TYPE_CHECKING:
    from sqlglot import exp


def single_row(tree: exp.Select) -> Bounded | None:
    """An aggregate without GROUP BY, or a SELECT from nothing: one row."""
    from sqlglot import exp

    if any(each.find(exp.UDTF, exp.Explode, exp.Inline) for each in tree.expressions):
        return None
    if any(_makes_rows(each) for each in tree.expressions):
        return None
    main = tree.args.get("from_")
    if main is None:
        return Bounded("reads no table", 1)
    if main.this.name.upper() in _ONE_ROW and not tree.args.get("joins"):
        return Bounded("reads a table of one row", 1)
    if tree.args.get("group") is None and any(map(_aggregates, tree.expressions)):
        return Bounded("aggregates to one row", 1)
    return None


# Oracle's and DB2's tables for queries that read none.
_ONE_ROW = {"DUAL", "SYSDUMMY1"}
_SET_RETURNING = re.compile(
    r"(generate_(?:series|subscripts)|unnest|explode|json\w*_each|json\w*_elements|"
    r"regexp_split_to_table|string_split|flatten)",
    re.I,
)


def _makes_rows(projection: exp.Expr) -> bool:
    """Whether a function of the select list may yield a row for each of its parts."""
    from sqlglot import exp

    for call in projection.find_all(exp.Func):
        name = call.name if isinstance(call, exp.Anonymous) else call.sql_name()
        if _SET_RETURNING.search(name):
            return True
    return False


def _aggregates(projection: exp.Expr) -> bool:
    """Whether a select item holds an aggregate of this query's own rows."""
    from sqlglot import exp

    for call in projection.find_all(exp.AggFunc):
        windowed = call.find_ancestor(exp.Window, exp.Query)
        if windowed is projection.parent or windowed is None:
            return True
    return False


def look_up(tree: exp.Select, is_key: IsKey) -> Bounded | Refused | None:
    """One table and one comparison of a key with one value."""
    from sqlglot import exp

    where, main = tree.args.get("where"), tree.args.get("from_")
    if where is None or main is None or tree.args.get("joins"):
        return None
    parts = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    compared = [name for part in parts if (name := _compared_column(part))]
    table = main.this.name if isinstance(main.this, exp.Table) else ""
    if any(is_key(table, name) for name in compared):
        return Bounded("looks up one key", 1)
    alone = not isinstance(where.this, exp.And)
    if alone and compared and re.fullmatch(r"(?:\w*_)?id|uuid", compared[0], re.I):
        return Refused(f"it looks up one {compared[0]}")
    return None


def _compared_column(condition: exp.Expr) -> str | None:
    """The column that is set equal to one value here."""
    from sqlglot import exp

    condition = condition.unnest()
    if not isinstance(condition, exp.EQ):
        return None
    left, right = condition.left.unnest(), condition.right.unnest()
    if isinstance(right, exp.Column) and not isinstance(left, exp.Column):
        left, right = right, left
    if not isinstance(left, exp.Column) or isinstance(right, exp.Query):
        return None
    # A column on both sides is a join; a hole reads as a column without a table.
    return left.name if not _is_real_column(right) else None


# Names that are put in for what only the running program knows: holes, and the
# placeholders of drivers.
STANDS_IN = re.compile(r"zqq*\d+z|pp+")


def _is_real_column(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Column) and not STANDS_IN.fullmatch(node.name)
