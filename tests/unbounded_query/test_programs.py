"""Programs are run before and after: the same rows above the limit, fewer below."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from codemods.catalog.unbounded_query import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source
from tests.unbounded_query.engines import DuckDB, Sqlite

ABOVE, BELOW = 1000, 3
HEAD = """\
import sqlite3, duckdb, textwrap

def main(con: sqlite3.Connection, duck: duckdb.DuckDBPyConnection):
"""
TEXT = (Path(__file__).parent / "programs.txt").read_text("utf-8")
PROGRAMS = re.findall(r"^==== (keeps|limits): (.+)\n((?s:.)+?)(?=^====|\Z)", TEXT, re.M)


def program(body: str) -> str:
    lines = (f"    {line}" if line.strip() else line for line in body.split("\n"))
    return HEAD + "\n".join(lines)


def rewritten(code: str, limit: int) -> str:
    settings = Settings(unsafe=True, options={"unbounded-query": {"limit": limit}})
    result = run(Source("x.py", code.encode()), [CODEMOD], settings)
    assert result.failures == ()
    assert run(result.after, [CODEMOD], settings).after == result.after
    return result.after.data.decode()


def returned(code: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(code, "x.py", "exec"), names)
    return names["main"](Sqlite().connection, DuckDB().connection)


@pytest.mark.parametrize(
    ("promise", "body"),
    [(promise, body) for promise, _, body in PROGRAMS],
    ids=[title for _, title, _ in PROGRAMS],
)
def test_programs(promise: str, body: str) -> None:
    code = program(body)
    above, below = rewritten(code, ABOVE), rewritten(code, BELOW)
    assert (above != code, below != code) == ((promise == "limits"),) * 2
    rows = returned(code)
    assert rows
    assert returned(above) == rows
    if promise == "limits":
        fewer = returned(below)
        assert 0 < len(fewer) <= BELOW
        assert all(row in rows for row in fewer)
