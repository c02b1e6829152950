"""What a query can be run on: its own tables and columns, and values that it asks for.

A query's placeholders become values where they are compared with a column, and names
where they stand for a table or a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codemods.catalog.unbounded_query.parsing import Parsed

if TYPE_CHECKING:
    from sqlglot import exp

HOLE = re.compile(r"\bzq+\d+z\b")
VALUE = 1  # what a placeholder holds
ALWAYS = ("id", "name")  # the columns of a table of which a query names none


class Unsampled(Exception):
    """Why no database can be made for a query: a clause."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A query as SQLite takes it, its tables by column, and what columns must hold.

    `pools` are values by table and column, `shared` columns that are compared with
    columns, `values` what goes in for each placeholder of the driver's.
    """

    sql: str
    tables: dict[str, list[str]]
    pools: dict[str, list[Any]]
    shared: list[str]
    values: list[Any]
    named: list[str]
    limit: int | None
    ordered: bool


def sample(read: Parsed) -> Sample:
    """Raises Unsampled."""
    from sqlglot import exp

    text = _filled(read)
    tree = _parsed(text, read.dialect)
    tables = _tables(tree)
    if read.dialect != "sqlite" or any(t.db for t in tree.find_all(exp.Table)):
        text = _for_sqlite(tree)
    marks = [*tree.find_all(exp.Placeholder, exp.Parameter)]
    named = sorted({each.name for each in marks if each.name and each.name != "?"})
    return Sample(
        text,
        tables,
        _pools(tree),
        sorted(_shared(tree)),
        [VALUE for each in marks if each.name in ("", "?")],
        named,
        _limit(tree),
        tree.args.get("order") is not None,
    )


def _parsed(text: str, dialect: str) -> exp.Expr:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        found = [each for each in sqlglot.parse(text, read=dialect or None) if each]
    except SqlglotError as error:
        raise Unsampled("its placeholders hold more than values and names") from error
    return found[0]


def _filled(read: Parsed) -> str:
    """The text with a value for each placeholder that stands for one."""
    from sqlglot import exp

    valued = {
        column.name
        for column in read.tree.find_all(exp.Column)
        if HOLE.fullmatch(column.name) and not column.table and _is_compared(column)
    }

    def value(found: re.Match[str]) -> str:
        return str(VALUE) if found.group() in valued else found.group()

    return HOLE.sub(value, read.query.text)


def _is_compared(column: exp.Column) -> bool:
    from sqlglot import exp

    up = column.parent
    while isinstance(up, exp.Paren | exp.Neg | exp.Tuple | exp.Cast):
        up = up.parent
    kinds = exp.Predicate | exp.Limit | exp.Offset | exp.Between | exp.Interval
    if not isinstance(up, kinds):
        return False
    others = [each for each in up.find_all(exp.Column) if each is not column]
    return any(not HOLE.fullmatch(each.name) for each in others) or not others


def _for_sqlite(tree: exp.Expr) -> str:
    """The query in SQLite's words, by sqlglot; tables lose what is before them."""
    from sqlglot import ErrorLevel, exp
    from sqlglot.errors import SqlglotError

    made = tree.copy()
    for table in made.find_all(exp.Table):
        table.set("db", None)
        table.set("catalog", None)
    try:
        return made.sql("sqlite", unsupported_level=ErrorLevel.RAISE)
    except (SqlglotError, ValueError) as error:
        raise Unsampled(f"SQLite has no words for it: {error}") from error


def _tables(tree: exp.Expr) -> dict[str, list[str]]:
    """Columns by table; those whose table does not show are in the first one."""
    from sqlglot import exp

    made = {each.alias for each in tree.find_all(exp.CTE)}
    real = [each for each in tree.find_all(exp.Table) if each.name not in made]
    if not real:
        raise Unsampled("reads from no table")
    found: dict[str, list[str]] = {each.name: [] for each in real}
    aliases = {each.alias_or_name: each.name for each in real}
    outputs = {each.alias for each in tree.find_all(exp.Alias, exp.Subquery, exp.CTE)}
    for column in tree.find_all(exp.Column):
        name = column.name
        owner = aliases.get(column.table) if column.table else _owner(column, real)
        if owner is None or name == "*" or (not column.table and name in outputs):
            continue
        if name.lower() not in (each.lower() for each in found[owner]):
            found[owner].append(name)
    return {name: columns or [*ALWAYS] for name, columns in found.items()}


def _owner(column: exp.Column, real: list[exp.Table]) -> str | None:
    """The table of a column that names none: the first of the SELECT around it."""
    from sqlglot import exp

    select = column.find_ancestor(exp.Select)
    while select is not None:
        for table in real:
            if table.find_ancestor(exp.Select) is select:
                return table.name
        select = select.find_ancestor(exp.Select)
    return real[0].name


def _pools(tree: exp.Expr) -> dict[str, list[Any]]:
    """By column, what it is compared with."""
    from sqlglot import exp

    found: dict[str, list[Any]] = {}
    for test in tree.find_all(exp.Predicate):
        values = [*_values(test)]
        for column in test.find_all(exp.Column):
            if values and column.find_ancestor(exp.Predicate) is test:
                pool = found.setdefault(column.name.lower(), [])
                pool += [each for each in values if each not in pool]
    return found


def _values(test: exp.Expr) -> Iterator[Any]:
    from sqlglot import exp

    for literal in test.find_all(exp.Literal):
        if literal.is_string:
            text = literal.this
            yield text.replace("%", "x") if isinstance(test, exp.Like) else text
        else:
            number = float(literal.this)
            whole = int(number) if number.is_integer() else number
            yield from (whole, whole + 1, whole - 1)
    for _ in test.find_all(exp.Placeholder, exp.Parameter):
        yield VALUE


def _shared(tree: exp.Expr) -> Iterator[str]:
    """Columns that are compared with other columns."""
    from sqlglot import exp

    for test in tree.find_all(exp.EQ):
        if isinstance(test.this, exp.Column) and isinstance(
            test.expression, exp.Column
        ):
            yield test.this.name.lower()
            yield test.expression.name.lower()


def _limit(tree: exp.Expr) -> int | None:
    limit = tree.args.get("limit")
    count = limit.args.get("expression") or limit.args.get("count") if limit else None
    try:
        return int(count.this) if count is not None else None
    except (TypeError, ValueError):
        return None
