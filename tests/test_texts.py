"""Files of SQL: reported where that is asked for, and never rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import codemod

SQL = """\
-- what the week brought
CREATE TABLE events (id INTEGER PRIMARY KEY, name TEXT);
SELECT *
FROM events -- ; all
WHERE name <> ';';
SELECT count(*) FROM events;
SELECT name FROM events LIMIT 3;
SELECT name FROM events WHERE id = 3;
INSERT INTO old SELECT * FROM events;
-- codemod: ignore[unbounded-query] a small table
SELECT * FROM kinds;
"""
NAMES = ("run", "unbounded-query", "--output-format", "json")
REASON = "a file of SQL is not rewritten: whoever runs it gets every row"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/week.sql").write_text(SQL)
    (tmp_path / "model.sql").write_text("SELECT * FROM {{ ref('events') }}\n")
    (tmp_path / "a.py").write_text("nothing\n")
    return tmp_path


def found(*arguments: str, cwd: Path) -> list[dict[str, Any]]:
    done = codemod(*NAMES, *arguments, cwd=cwd)
    assert (done.code, done.err) == (0, "")
    return list(done.json["findings"])


def test_queries_are_reported_on_request(project: Path) -> None:
    (finding,) = found("--include-sql", cwd=project)
    assert (finding["path"], finding["line"], finding["end_line"]) == (
        "jobs/week.sql",
        3,
        5,
    )
    assert (finding["column"], finding["end_column"]) == (1, 18)
    assert finding["before"] == "SELECT *\nFROM events -- ; all\nWHERE name <> ';'"
    assert (finding["verdict"], finding["reason"]) == ("declined", REASON)
    assert (project / "jobs/week.sql").read_text() == SQL


def test_nothing_is_read_without_being_asked_for(project: Path) -> None:
    assert found(cwd=project) == []
    done = codemod(*NAMES, cwd=project)
    assert done.json["files"]["scanned"] == 1


def test_a_file_that_is_named_is_asked_for(project: Path) -> None:
    assert len(found("jobs/week.sql", cwd=project)) == 1


def test_the_config_may_ask(project: Path) -> None:
    config = project / "pyproject.toml"
    config.write_text("[tool.codemod]\ninclude-sql = true\nexclude = ['jobs/**']\n")
    assert found(cwd=project) == []
    config.write_text("[tool.codemod]\ninclude-sql = true\n")
    assert len(found(cwd=project)) == 1
    # A second time from the cache.
    assert len(found(cwd=project)) == 1


def test_other_codemods_have_nothing_to_say_of_sql(project: Path) -> None:
    (project / "jobs/odd.sql").write_text("SELECT except: iterrows shell=True")
    done = codemod("run", "all", "--include-sql", cwd=project)
    assert done.code == 0
    done = codemod("run", "bare-except", "--include-sql", cwd=project)
    assert done.out.startswith("Nothing found (4 files, ")


def test_what_cannot_be_parsed_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("SELECT 1;\n\nSELECT * FROM t\nWHERE (;\n")
    (finding,) = found("--include-sql", cwd=tmp_path)
    assert finding["line"] == 3
    assert finding["reason"].startswith("sqlglot cannot parse")
    assert finding["reason"].endswith("at line 4")


def test_the_dialect_that_is_set_is_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("SELECT TOP 5 a FROM t\n")
    given = ("--include-sql", "--set", "unbounded-query.dialect=tsql")
    assert found(*given, cwd=tmp_path) == []


def test_standard_input_may_be_sql() -> None:
    given = ("-", "--stdin-filename", "x.sql")
    done = codemod(*NAMES, *given, cwd=Path(), stdin=b"SELECT a FROM t\n")
    assert [each["reason"] for each in done.json["findings"]] == [REASON]
