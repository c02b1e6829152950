"""Whether a query may yield any number of rows, and what a limit would cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Bounded:
    """At most `rows` rows (None: a number that is not in view)."""

    why: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """May yield many rows, but no limit belongs here."""

    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing bounds it. `ordered`: an ORDER BY says which rows a limit keeps."""

    ordered: bool
    groups: bool
    everything: bool


Extent = Bounded | Refused | Open
# (table, column) -> whether the file declares the column PRIMARY KEY or UNIQUE.
IsKey = Callable[[str, str], bool]

_CATALOG = re.compile(
    r"^(?:information_schema|pg_catalog|pg_\w+|sqlite_(?:temp_)?(?:master|schema)"
    r"|__tables(?:_summary)?__|sys|duckdb_\w+|all_tables|all_tab_columns|user_tables)$",
    re.IGNORECASE,
)


def extent(tree: exp.Expr, is_key: IsKey) -> Extent:
    """What is known of the number of rows of a statement."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select | exp.SetOperation):
        if isinstance(tree, exp.Subquery):
            return Refused("the whole query stands in parentheses")
        return Bounded("no SELECT")
    limited = _limited(tree)
    if limited is not None:
        return limited
    refusal = _refusal(tree)
    if refusal:
        return Refused(refusal)
    if isinstance(tree, exp.Select):
        bounded = _single_row(tree) or _look_up(tree, is_key)
        if bounded is not None:
            return bounded
    return Open(
        ordered=tree.args.get("order") is not None,
        groups=_groups(tree),
        everything=isinstance(tree, exp.Select) and tree.is_star,
    )


def _limited(tree: exp.Expr) -> Bounded | Refused | None:
    from sqlglot import exp

    limit = tree.args.get("limit")
    if limit is None:
        return None
    if limit.args.get("expressions"):
        return Refused("LIMIT BY bounds each group and not the whole")
    options = limit.args.get("limit_options")
    if options is not None and (
        options.args.get("percent") or options.args.get("with_ties")
    ):
        return Bounded("has a limit")
    size = limit.args.get("expression") or limit.args.get("count")
    known = isinstance(size, exp.Literal) and size.is_int
    return Bounded("has a limit", int(size.name) if known else None)


def _refusal(tree: exp.Expr) -> str | None:
    from sqlglot import exp

    if any(tree.find_all(exp.DML, exp.Into)):
        return "the statement writes"
    for key, reason in _NO_LIMIT_WITH.items():
        if tree.args.get(key):
            return reason
    if any(each.name.upper() == "ROWNUM" for each in tree.find_all(exp.Column)):
        return "ROWNUM numbers the rows already"
    qualify = tree.args.get("qualify")
    if qualify is not None and _first_of_each(qualify):
        return "QUALIFY keeps one row of each partition"
    main = tree.args.get("from_")
    if main is not None and _is_catalog(main.this):
        return "it reads the catalog, whose size the schema bounds"
    return None


_NO_LIMIT_WITH = {
    "offset": "it has an OFFSET: the pages are counted elsewhere",
    "locks": "FOR UPDATE locks the rows that it reads",
    "format": "FORMAT must stay last, behind any LIMIT",
    "settings": "SETTINGS must stay last, behind any LIMIT",
    "options": "OPTION must stay last, behind any limit",
    "for_": "FOR XML or FOR JSON makes one document of all rows",
    "sample": "it takes a sample, which says how many rows there are",
}


def _first_of_each(qualify: exp.Expr) -> bool:
    from sqlglot import exp

    return any(
        isinstance(each.left, exp.Window) and isinstance(each.left.this, exp.RowNumber)
        for each in qualify.find_all(exp.EQ)
    )


def _is_catalog(table: exp.Expr) -> bool:
    from sqlglot import exp

    if not isinstance(table, exp.Table):
        return False
    parts = [part for each in table.parts for part in each.name.split(".")]
    return any(_CATALOG.match(part) for part in parts)


def _single_row(tree: exp.Select) -> Bounded | None:
    """An aggregate without GROUP BY, or a SELECT from nothing: one row."""
    from sqlglot import exp

    if any(each.find(exp.UDTF, exp.Explode, exp.Inline) for each in tree.expressions):
        return None
    if any(_makes_rows(each) for each in tree.expressions):
        return None
    if tree.args.get("from_") is None:
        return Bounded("reads no table", 1)
    if tree.args.get("group") is None and any(map(_aggregates, tree.expressions)):
        return Bounded("aggregates to one row", 1)
    return None


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


def _look_up(tree: exp.Select, is_key: IsKey) -> Bounded | Refused | None:
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


def _is_real_column(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Column) and not re.fullmatch(r"zqq*\d+z", node.name)


def _groups(tree: exp.Expr) -> bool:
    from sqlglot import exp

    if isinstance(tree, exp.SetOperation):
        return bool(tree.args.get("distinct"))
    return bool(tree.args.get("group") or tree.args.get("distinct"))
