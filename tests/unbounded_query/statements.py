"""SELECT statements: from sqlglot's own grammar, and from templates with noise.

Every one runs on the tables of `engines`. `ordered` ones order by columns that
together tell every row from the others, so that a limit keeps a known prefix.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp, select


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    ordered: bool = False
    values: tuple[object, ...] = ()


def from_grammar(seed: int, count: int, dialect: str) -> Iterator[Statement]:
    """Statements that sqlglot builds as trees and writes itself."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _built(chance, dialect)


def _built(chance: random.Random, dialect: str) -> Statement:
    ordered = False
    tree: exp.Query
    match chance.randrange(4):
        case 0:
            tree = select("b", "COUNT(*) AS n").from_("t").group_by("b")
            if chance.random() < 0.4:
                tree = tree.having("COUNT(*) > 2")
        case 1:
            other = select("a").from_("u").where(_condition(chance, "u"))
            first = select("a").from_("t").where(_condition(chance, "t"))
            distinct = chance.random() < 0.5
            tree = exp.union(first, other, distinct=distinct)
            if chance.random() < 0.5:
                tree = tree.order_by("a")
        case 2:
            inner = select("a", "b").from_("t").where(_condition(chance, "t"))
            tree = select("*").from_("x").with_("x", as_=inner)
        case _:
            tree, ordered = _plain(chance)
    pretty = chance.random() < 0.5
    return Statement(tree.sql(dialect=dialect, pretty=pretty), ordered)


def _plain(chance: random.Random) -> tuple[exp.Select, bool]:
    tree = select("t.a", "t.c").from_("t")
    if chance.random() < 0.3:
        tree = tree.join("u", on="t.a = u.a", join_type="LEFT")
    if chance.random() < 0.5:
        tree = tree.where(_condition(chance, "t"))
    if chance.random() < 0.2:
        tree = tree.distinct()
    ordered = chance.random() < 0.5
    return (tree.order_by("t.a DESC") if ordered else tree), ordered


def _condition(chance: random.Random, table: str) -> exp.Condition:
    low = chance.randrange(30)
    tests: list[exp.Condition] = [
        exp.column("a", table) > low,
        exp.column("a", table).between(low, low + 20),
        exp.column("a", table).isin(*range(low, low + 9)),
    ]
    if table == "t":
        tests.append(exp.column("c", table).like("name%"))
        tests.append(exp.column("b", table).is_(exp.null()))
    first, second = chance.sample(tests, 2)
    return exp.or_(first, exp.not_(second)) if chance.random() < 0.4 else first


_BODIES = [
    ("SELECT a, c FROM t", False),
    ("SELECT a, c FROM t ORDER BY a", True),
    ("SELECT a,\n       b\nFROM t\nWHERE a > {v}\nORDER BY a DESC", True),
    ("select t.a from t join u on t.a = u.a where u.d < {v}", False),
    ("SELECT a FROM t WHERE c = 'name 1; -- not a comment' OR a < {v}", False),
    ("SELECT a, '/* no */ LIMIT 3' AS x FROM t ORDER BY a", True),
    ("WITH x AS (SELECT a FROM t LIMIT 30) SELECT x.a FROM x ORDER BY x.a", True),
    ("SELECT a FROM (SELECT a FROM t ORDER BY a LIMIT {v}) AS y", False),
    ("SELECT b, COUNT(*) FROM t GROUP BY b HAVING COUNT(*) > 1", False),
    ("SELECT DISTINCT c FROM t", False),
    ("SELECT a FROM t UNION ALL SELECT a FROM u", False),
    ("SELECT a FROM t EXCEPT SELECT a FROM u ORDER BY a", True),
    ("SELECT a, ROW_NUMBER() OVER (ORDER BY a) AS n FROM t ORDER BY n", True),
    ("SELECT a, SUM(a) OVER w FROM t WINDOW w AS (ORDER BY a)", False),
    ("SELECT a, CASE WHEN b IS NULL THEN 'x' END AS k FROM t WHERE a <> {v}", False),
    ("SELECT 'naïve ☃ 😀' AS s, a FROM t ORDER BY a", True),
    ("SELECT a FROM t WHERE a IN (SELECT a FROM u LIMIT 5)", False),
    ('SELECT "a" FROM "t" ORDER BY "a"', True),
]
_HEADS = ["", "  ", "\n", "-- the head\n", "/* a; b */ "]
_TAILS = ["", ";", " ;\n", "\n", "  -- the end", " /* LIMIT 5 */", ";  -- done\n",
          "\r\n", "\t;", "\n-- one\n-- two\n"]  # fmt: skip


def from_templates(seed: int, count: int) -> Iterator[tuple[str, bool]]:
    """Bodies between comments and semicolons; `{v}` is where a value goes."""
    chance = random.Random(seed)
    for _ in range(count):
        body, ordered = chance.choice(_BODIES)
        yield chance.choice(_HEADS) + body + chance.choice(_TAILS), ordered
