"""A LIMIT put in keeps the query: executed with and without, on two databases."""

from __future__ import annotations

from collections import Counter

import pytest

from codemods.catalog.unbounded_query.bounds import extent
from codemods.catalog.unbounded_query.extents import Bounded, Open, Refused
from codemods.catalog.unbounded_query.limiting import Insertion, place
from codemods.catalog.unbounded_query.parsing import Parsed, Refusal, parsed
from codemods.catalog.unbounded_query.template import Hole, Text, assembled, plain
from tests.unbounded_query.engines import DuckDB, Engine, Row, Sqlite
from tests.unbounded_query.statements import from_grammar, from_templates


def no_key(table: str, column: str) -> bool:
    return False


def limited(sql: str, dialect: str, size: int) -> str:
    query = parsed(plain(sql), dialect)
    assert isinstance(query, Parsed), (sql, query)
    spot = place(query, size)
    assert isinstance(spot, Insertion), (sql, spot)
    return sql[: spot.at] + spot.text + sql[spot.at :]


def _foreign(text: str) -> Text:
    return Text(text, (None,) * len(text))


def check(engine: Engine, sql: str, ordered: bool) -> None:
    """A limit above the rows changes nothing; one below cuts them, and only cuts."""
    everything = engine.rows(sql)
    above = engine.rows(limited(sql, engine.dialect, 10_000))
    assert Counter(above) == Counter(everything)
    size = len(everything) // 2
    below = engine.rows(limited(sql, engine.dialect, size))
    assert len(below) == size
    assert not Counter(below) - Counter(everything)
    if ordered:
        assert below == everything[:size]


@pytest.mark.parametrize("engine", [Sqlite(), DuckDB()], ids=lambda each: each.dialect)
@pytest.mark.parametrize("seed", range(4))
def test_statements_of_the_grammar(engine: Engine, seed: int) -> None:
    for statement in from_grammar(seed, 60, engine.dialect):
        check(engine, statement.sql, statement.ordered)


@pytest.mark.parametrize("engine", [Sqlite(), DuckDB()], ids=lambda each: each.dialect)
@pytest.mark.parametrize("seed", range(4))
def test_statements_of_templates(engine: Engine, seed: int) -> None:
    for template, ordered in from_templates(seed, 60):
        check(engine, template.replace("{v}", "17"), ordered)


@pytest.mark.parametrize("seed", range(3))
def test_placeholders_are_where_their_values_go(seed: int) -> None:
    """The limit found for the template fits the text that the values make."""
    engine = Sqlite()
    for template, _ in from_templates(seed, 60):
        head, found, tail = template.partition("{v}")
        filled: list[Text | Hole] = [Hole(), _foreign(tail)] if found else []
        query = assembled([_foreign(head), *filled])
        read = parsed(query, "sqlite")
        assert isinstance(read, Parsed)
        spot = place(read, 5)
        if isinstance(spot, Refusal):
            # Only where the placeholder is the end of the query itself.
            assert "placeholder" in spot.reason
            assert tail.partition("--")[0].partition("/*")[0].strip(" ;\n\t\r") == ""
            continue
        text = query.text[: spot.at] + spot.text + query.text[spot.at :]
        (start, end), *_ = query.holes or ((0, 0),)
        made = text[:start] + "17" + text[end:] if found else text
        rows: list[Row] = engine.rows(made)
        everything = engine.rows(template.replace("{v}", "17"))
        assert len(rows) == min(5, len(everything))


@pytest.mark.parametrize(
    ("dialect", "sql", "after"),
    [
        ("bigquery", "SELECT a FROM `t`;  -- x", "SELECT a FROM `t` LIMIT 7;  -- x"),
        ("bigquery", "SELECT a FROM t # x", "SELECT a FROM t LIMIT 7 # x"),
        ("bigquery", "SELECT * EXCEPT(a) FROM t", "SELECT * EXCEPT(a) FROM t LIMIT 7"),
        ("postgres", "SELECT 'é' FROM t;", "SELECT 'é' FROM t LIMIT 7;"),
        ("tsql", "SELECT a FROM [t] x", "SELECT TOP 7 a FROM [t] x"),
        ("tsql", "SELECT DISTINCT a FROM t", "SELECT DISTINCT TOP 7 a FROM t"),
        ("tsql", "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
         "WITH x AS (SELECT 1 AS a) SELECT TOP 7 a FROM x"),
        ("oracle", "SELECT a FROM t ORDER BY a",
         "SELECT a FROM t ORDER BY a FETCH FIRST 7 ROWS ONLY"),
        ("mysql", "SELECT a FROM `t` /* x */", "SELECT a FROM `t` LIMIT 7 /* x */"),
        ("clickhouse", "SELECT a FROM t FINAL", "SELECT a FROM t FINAL LIMIT 7"),
        ("snowflake", "SELECT a FROM t QUALIFY RANK() OVER (ORDER BY a) < 3",
         "SELECT a FROM t QUALIFY RANK() OVER (ORDER BY a) < 3 LIMIT 7"),
    ],
)  # fmt: skip
def test_place_by_dialect(dialect: str, sql: str, after: str) -> None:
    assert limited(sql, dialect, 7) == after


@pytest.mark.parametrize(
    ("dialect", "sql", "reason"),
    [
        ("bigquery", "SELECT a FROM t; SELECT b FROM u", "several statements"),
        ("bigquery", "SELECT a FROM {{ ref('t') }}", "Jinja"),
        ("bigquery", "SELECT a FROM t WHERE WHERE", "cannot parse 'WHERE'"),
        ("sqlite", "SELECT a\nFROM t GROUP GROUP", "cannot parse 'GROUP'"),
        ("tsql", "SELECT a FROM t UNION SELECT a FROM u", "set operation"),
        ("sqlite", "SELECT a FROM t WHERE x = {y}", "nothing in view fills"),
        ("bigquery", "SELECT a FROM t |> WHERE a > 1", "pipe syntax"),
    ],
)
def test_refusals_say_why(dialect: str, sql: str, reason: str) -> None:
    query = parsed(plain(sql), dialect)
    spot = place(query, 7) if isinstance(query, Parsed) else query
    assert isinstance(spot, Refusal)
    assert reason in spot.reason


@pytest.mark.parametrize(
    ("dialect", "sql", "kind"),
    [
        ("sqlite", "SELECT COUNT(*) FROM t", Bounded),
        ("sqlite", "SELECT MAX(a) + 1, 'x' FROM t", Bounded),
        ("sqlite", "SELECT COUNT(*) OVER () FROM t", Open),
        ("sqlite", "SELECT a, (SELECT SUM(d) FROM u) FROM t", Open),
        ("sqlite", "SELECT 1", Bounded),
        ("sqlite", "SELECT EXISTS (SELECT 1 FROM t)", Bounded),
        ("postgres", "SELECT generate_series(1, 100)", Open),
        ("duckdb", "SELECT unnest(array_agg(a)) FROM t", Open),
        ("sqlite", "SELECT a FROM t LIMIT 5", Bounded),
        ("tsql", "SELECT TOP 5 a FROM t", Bounded),
        ("oracle", "SELECT a FROM t FETCH FIRST 5 ROWS ONLY", Bounded),
        ("sqlite", "SELECT a FROM (SELECT a FROM t LIMIT 5)", Open),
        ("postgres", "SELECT a FROM t OFFSET 5", Refused),
        ("postgres", "SELECT a FROM t FOR UPDATE", Refused),
        ("postgres", "(SELECT a FROM t)", Refused),
        ("tsql", "SELECT a INTO x FROM t", Refused),
        ("oracle", "SELECT a FROM t WHERE ROWNUM <= 5", Refused),
        ("sqlite", "SELECT a FROM t WHERE user_id = ?", Refused),
        ("sqlite", "SELECT a FROM t WHERE user_id > ?", Open),
        ("sqlite", "SELECT a FROM t WHERE t.id = u_id", Open),
        ("sqlite", "SELECT name FROM sqlite_master", Refused),
        ("bigquery", "SELECT * FROM `p.d.INFORMATION_SCHEMA.TABLES`", Refused),
        ("bigquery", "SELECT a FROM t QUALIFY ROW_NUMBER() OVER () = 1", Refused),
        ("clickhouse", "SELECT a FROM t LIMIT 1 BY a", Refused),
        ("clickhouse", "SELECT a FROM t FORMAT JSON", Refused),
        ("postgres", "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", Refused),
    ],
)  # fmt: skip
def test_extent(dialect: str, sql: str, kind: type) -> None:
    query = parsed(plain(sql), dialect)
    assert isinstance(query, Parsed)
    assert isinstance(extent(query.tree, no_key), kind)


@pytest.mark.parametrize(
    ("pieces", "refused"),
    [
        (["SELECT a FROM t ", Hole()], True),
        (["SELECT a FROM t ", Hole(), ";"], True),
        (["SELECT a FROM t ", Hole(), " ORDER BY a"], False),
        (["SELECT a FROM t WHERE c = '", Hole(), "'"], False),
        (["SELECT a FROM `d.", Hole(), "`"], False),
        (["SELECT a FROM d.", Hole()], False),
        (["SELECT a FROM d.", Hole(), Hole()], True),
        (["SELECT a FROM t -- ", Hole()], True),
        (["SELECT a FROM t WHERE b IN (", Hole(), ")"], False),
        (["SELECT a FROM t WHERE b = ", Hole(bound=True)], False),
        (["SELECT a FROM t AS ", Hole()], True),
    ],
)
def test_what_a_placeholder_may_hide(pieces: list[str | Hole], refused: bool) -> None:
    template = [each if isinstance(each, Hole) else _foreign(each) for each in pieces]
    query = parsed(assembled(template), "bigquery")
    assert isinstance(query, Parsed)
    assert isinstance(place(query, 7), Refusal) is refused
