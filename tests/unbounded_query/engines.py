"""Small databases to run queries on, each with the same two tables.

`t(a, b, c)` has 40 rows with repeats and nulls, `u(a, d)` has 12.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]
T_ROWS: list[Row] = [
    (index, index % 7 if index % 11 else None, f"name {index % 5}")
    for index in range(40)
]
U_ROWS: list[Row] = [(index * 3, index * 1.5) for index in range(12)]


class Engine(Protocol):
    """What runs a query and gives its rows."""

    dialect: str

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]: ...


class Sqlite:
    dialect = "sqlite"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE TABLE t (a INTEGER, b INTEGER, c TEXT)")
        self.connection.execute("CREATE TABLE u (a INTEGER, d REAL)")
        self.connection.executemany("INSERT INTO t VALUES (?, ?, ?)", T_ROWS)
        self.connection.executemany("INSERT INTO u VALUES (?, ?)", U_ROWS)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        return self.connection.execute(sql, tuple(values)).fetchall()


class DuckDB:
    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self.connection = duckdb.connect(":memory:")
        self.connection.execute("CREATE TABLE t (a INTEGER, b INTEGER, c TEXT)")
        self.connection.execute("CREATE TABLE u (a INTEGER, d DOUBLE)")
        self.connection.executemany("INSERT INTO t VALUES (?, ?, ?)", T_ROWS)
        self.connection.executemany("INSERT INTO u VALUES (?, ?)", U_ROWS)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        return self.connection.execute(sql, list(values)).fetchall()


def engines() -> list[Engine]:
    return [Sqlite(), DuckDB()]
