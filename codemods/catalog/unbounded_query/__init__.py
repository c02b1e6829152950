"""Bound what a query brings back: pages, streams and a LIMIT.

A query without a limit returns what the table holds that day. This codemod finds the
query (a literal, an f-string, `.format`, `%`, `+`, a constant, an attribute, a dict),
follows it to the client that runs it, through functions of the same file, and looks at
what becomes of the rows. Clients are known by import, annotation or constructor, never
by what a variable is called; Airflow's operators and hooks are among them.

## Pages

Rows of a BigQuery job that are iterated come in pages; without a size, a page is as
large as the server likes. Measured with google-cloud-bigquery 3.47, 200,000 rows: 74 MB
at the peak without, 1.5 MB with `page_size=1000`. The rows are the same: this is safe.
It costs requests, 200 in place of 4 there: a larger `page-size` takes fewer.

```python
from google.cloud import bigquery


def copy(statement, target):
    client = bigquery.Client()
    for row in client.query(statement).result(timeout=60):
        target.write(row)
```

becomes

```python
from google.cloud import bigquery


def copy(statement, target):
    client = bigquery.Client()
    for row in client.query(statement).result(timeout=60, page_size=1000):
        target.write(row)
```

The size is an option (`page-size = 1000`). Declined where it does no good: rows that
are collected or counted, a job that is only waited for, `to_dataframe` (which reads
another way), rows that leave the file, arguments by position that may be a size or a
start.

## Streams

`for row in cursor.fetchall()` becomes an iteration over the cursor where the client
streams (sqlite3, pyodbc, pymssql, oracledb, snowflake) and nothing in the loop, nor in
the functions of the file that it calls, executes, fetches, commits, closes or leaves
(`break`, `raise`), nor uses the cursor again. A list of a job's rows that the next
statement loops over, and nothing else reads, becomes a generator. Both are unsafe: rows
are then read while the loop runs.

```python
import sqlite3

connection = sqlite3.connect("events.db")
for name, amount in connection.execute(statement).fetchall():
    print(name, amount)
```

becomes

```python
import sqlite3

connection = sqlite3.connect("events.db")
for name, amount in connection.execute(statement):
    print(name, amount)
```

## LIMIT

Only with a size that you set, and always unsafe: it changes the result, unless there
are no more rows than that. The caveat says what is cut and whether an ORDER BY decides.

```toml
[tool.codemod.unbounded-query]
limit = 10000
dialect = "postgres"    # for clients that speak several: SQLAlchemy, pyodbc, pandas
```

The text is put in behind the query's last word, so before `;` and comments, and no
other byte changes; sqlglot parses the result again, and the query must be the same but
for its limit. T-SQL gets `TOP`, Oracle `FETCH FIRST`. A query of which only the first
row is read gets `LIMIT 1`, whatever the size.

```python
import sqlite3

connection = sqlite3.connect("events.db")
row = connection.execute("SELECT name FROM events ORDER BY at DESC;").fetchone()
```

becomes

```python
import sqlite3

connection = sqlite3.connect("events.db")
row = connection.execute("SELECT name FROM events ORDER BY at DESC LIMIT 1;").fetchone()
```

Silent are queries that yield one row or have a limit, and data that nothing in the
file runs (a query in the settings of a job, say). Reported, with the reason, are
those that must stay: several statements, OFFSET, FOR UPDATE, parentheses around the
whole, look-ups by a key, catalogs, Jinja, text that is appended to later or is part of
another query, a placeholder at the end (which may hold more clauses), a destination
table, SQL that sqlglot cannot parse (with its position), a dialect or a client that is
not in view. So must those of which every row is wanted: what a `while` loop or a range
asks for again, what reads on behind a key (`WHERE id > ? ORDER BY id`), what belongs to
a migration, rows that are counted, or that a loop writes back.

Other files may import the name that a query has. The caveat says so; and of such a
query more than the first row may be wanted elsewhere: it gets no `LIMIT 1`.

## Files of SQL

`--include-sql` (or `include-sql = true`) also reads `.sql` files: their SELECTs that
nothing bounds are reported, in the dialect that is set or in any that parses them, and
never rewritten. Templates (dbt's, say) are passed over; `-- codemod: ignore` silences
the statement that it stands before or in.

## One query a row

A query that runs inside a loop over the rows of another, or over the frame that one
filled, is reported with both places. No limit helps there; a join or an `IN` list does.
"""

from __future__ import annotations

import ast

from codemods.context import Context
from codemods.model import Codemod, Verdict

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="a query may return any number of rows",
    words=(b"SELECT", b"select", b"Select"),
    # What runs a query is called so, or takes a `query`.
    beside=(
        b"execute",
        b"query",
        b"read_sql",
        b"read_gbq",
        b".exec(",
        b".sql(",
        b"get_records",
        b"get_first",
        b"get_pandas_df",
        b"get_df",
        b"Operator(",
    ),
    # A query begins its string or a line, stands in parentheses or behind them; before
    # it may be comments of SQL. Prose that says "select" hardly ever does, nor goes on
    # with a FROM before the next triple quotes; and `(select(` is SQLAlchemy's.
    pattern=rb"[\"'()}/\\\n-](?:(?:(?<=[\"'()}\n])|(?<=\*/)|(?<=\\)[nt])\s*SELECT\b"
    rb"(?=[\s\\*({])|(?:(?<=[\"'}])|(?<=\*/)|(?<=\\)[nt]|(?<=-)-[^\n]*\n)\s*[sS]elect\b"
    rb"(?=[\s\\*({])|(?<=[()])\s*[sS]elect\b(?=[\s\\*{]))"
    rb"(?=(?:(?!\"\"\"|''')(?s:.)){1,6000}?"
    rb"(?:\b|(?<=\\[nrt]))(?:FROM|[Ff]rom)\b)",
    also=(
        (
            (b"bigquery",),
            rb"\.(?:result|query|query_and_wait|list_rows|to_dataframe)[\s\\]*\(",
        ),
        ((b"fetchall",), rb"\.fetchall[\s\\]*\((?:[\s\\)]|#[^\n]*)*:"),
    ),
    trial=f"{__name__}.trial:trial",
    readers={".sql": "codemods.catalog.unbounded_query.scripts:remarks"},
    options={"limit": 0, "page-size": 1000, "dialect": ""},
)


@CODEMOD.on(ast.Constant)
def constant(node: ast.Constant, context: Context) -> Verdict:
    """A query in one string."""
    return _query(node, context) if isinstance(node.value, str) else None


@CODEMOD.on(ast.JoinedStr)
def formatted(node: ast.JoinedStr, context: Context) -> Verdict:
    """A query in an f-string."""
    return _query(node, context)


def _query(node: ast.Constant | ast.JoinedStr, context: Context) -> Verdict:
    from codemods.catalog.unbounded_query.unseen import looks_like_query

    if not looks_like_query(node):
        return None
    if isinstance(context.parent(node), ast.JoinedStr | ast.FormattedValue):
        return None
    from codemods.catalog.unbounded_query.queries import query_verdict

    return query_verdict(node, context)


@CODEMOD.on(ast.Call)
def call(node: ast.Call, context: Context) -> Verdict:
    """A call of a client that gives rows."""
    if not isinstance(node.func, ast.Attribute):
        return None
    match node.func.attr:
        case "result" | "query_and_wait" | "list_rows":
            from codemods.catalog.unbounded_query.paging import paging

            return paging(node, context)
        case "fetchall":
            from codemods.catalog.unbounded_query.streaming import fetched_in_head

            return fetched_in_head(node, context)
        case "to_dataframe":
            from codemods.catalog.unbounded_query.frames import framed

            return framed(node, context)
    return None


@CODEMOD.on(ast.For)
def loop(node: ast.For, context: Context) -> Verdict:
    """A loop straight over a job or over a list of all rows."""
    from codemods.catalog.unbounded_query.paging import looped

    return looped(node, context)


@CODEMOD.on(ast.ListComp)
def listed(node: ast.ListComp, context: Context) -> Verdict:
    """A list of all rows."""
    from codemods.catalog.unbounded_query.listing import listed_once

    return listed_once(node, context)
