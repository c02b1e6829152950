"""Only the bytes of the limit are new, in files of every kind."""

from __future__ import annotations

import codecs

import pytest

from codemods.catalog.unbounded_query import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source

LIMITED = Settings(unsafe=True, options={"unbounded-query": {"limit": 5}})


def rewritten(data: bytes) -> bytes:
    result = run(Source("x.py", data), [CODEMOD], LIMITED)
    assert result.failures == ()
    assert result.skipped is None
    assert run(result.after, [CODEMOD], LIMITED).after.data == result.after.data
    return result.after.data


def test_crlf_mark_and_missing_newline() -> None:
    before = (
        codecs.BOM_UTF8
        + (
            "import sqlite3\r\n"
            "rows = sqlite3.connect('é').execute('''\r\n"
            "\tSELECT 'naïve' AS a\r\n"
            "\tFROM t -- ☃\r\n"
            "''').fetchall()"
        ).encode()
    )
    assert rewritten(before) == before.replace(b"FROM t", b"FROM t LIMIT 5")


def test_latin_1() -> None:
    before = (
        "# coding: latin-1\n"
        "import sqlite3\n"
        "rows = list(sqlite3.connect('é').execute('SELECT \"é\" FROM t'))\n"
    ).encode("latin-1")
    assert rewritten(before) == before.replace(b"FROM t", b"FROM t LIMIT 5")


@pytest.mark.parametrize(
    ("literal", "after"),
    [
        (r"'SELECT a FROM t\n'", r"'SELECT a FROM t LIMIT 5\n'"),
        (r"'SELECT a FROM t\x3b'", r"'SELECT a FROM t LIMIT 5\x3b'"),
        (r"r'SELECT a FROM t WHERE b = \'", None),
        (r"r'SELECT a FROM t WHERE b = 1' '\n'",
         r"r'SELECT a FROM t WHERE b = 1 LIMIT 5' '\n'"),
        ("'SELECT a ' \\\n 'FROM t'", "'SELECT a ' \\\n 'FROM t LIMIT 5'"),
        ("'''SELECT a \\\nFROM t'''", "'''SELECT a \\\nFROM t LIMIT 5'''"),
        (r"'SELECT \'x\' FROM t'", r"'SELECT \'x\' FROM t LIMIT 5'"),
        (r"'SELECT a FROM \N{LATIN SMALL LETTER T}'",
         r"'SELECT a FROM \N{LATIN SMALL LETTER T} LIMIT 5'"),
        ("f'SELECT a FROM t WHERE b = {{}}'", None),
        ("F'SELECT {1}, a' fr' FROM t'", "F'SELECT {1}, a' fr' FROM t LIMIT 5'"),
        ("('SELECT a FROM t')", "('SELECT a FROM t LIMIT 5')"),
        ("'SELECT a\\r\\nFROM t\\r\\n'", "'SELECT a\\r\\nFROM t LIMIT 5\\r\\n'"),
    ],
)  # fmt: skip
def test_literals(literal: str, after: str | None) -> None:
    head = "import sqlite3\nrows = list(sqlite3.connect('x').execute("
    tail = ")) if True else 0\n"
    try:
        compile(head + literal + tail, "x", "exec")
    except SyntaxError:
        assert after is None
        return
    expected = head + (after or literal) + tail
    assert rewritten((head + literal + tail).encode()).decode() == expected
