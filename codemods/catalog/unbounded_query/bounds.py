"""Whether a query may yield any number of rows, and what a limit would cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.extents import (
    Bounded,
    Extent,
    IsKey,
    Open,
    Refused,
)
from codemods.catalog.unbounded_query.few import look_up, single_row

if TYPE_CHECKING:
    from sqlglot import exp


_CATALOG = re.compile(
    r"^(?:information_schema|system_schema|pg_catalog|pg_\w+|sqlite_(?:temp_)?(?:master|schema)"
    r"|__tables(?:_summary)?__|sys|duckdb_\w+|md_all_databases"
    r"|(?:user|all|dba)_(?:tables|tab_(?:cols|columns|identity_cols)|views|mviews|users"
    r"|constraints|cons_columns|ind(?:exes|_columns)|sequences|objects|triggers"
    r"|synonyms|sdo_geom_metadata|recyclebin))$",
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
        bounded = single_row(tree) or look_up(tree, is_key)
        if bounded is not None:
            return bounded
    acting = _acting(tree)
    if acting:
        return Refused(f"`{acting}` acts for each row")
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


# Functions of PostgreSQL 17 that do something besides giving a value.
_ACTS = re.compile(
    r"pg_notify|setval|nextval|set_config|pg_(?:try_)?advisory_\w+|lo_\w+|dblink\w*"
    r"|pg_(?:terminate|cancel)_backend|pg_\w*_import|pg_reload_conf",
    re.IGNORECASE,
)


def _acting(tree: exp.Expr) -> str | None:
    """A function that is called for what it does."""
    from sqlglot import exp

    for call in tree.find_all(exp.Anonymous):
        if _ACTS.fullmatch(call.name):
            return call.name
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


def _groups(tree: exp.Expr) -> bool:
    from sqlglot import exp

    if isinstance(tree, exp.SetOperation):
        return bool(tree.args.get("distinct"))
    return bool(tree.args.get("group") or tree.args.get("distinct"))
