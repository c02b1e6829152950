"""What a query is run on, and what its receipt says of a wrong limit."""

from __future__ import annotations

import pytest

from codemods.catalog.unbounded_query import CODEMOD
from codemods.receipt import Receipt
from tests.receipts import receipt_of

JOBS = """
    import sqlite3

    def running(connection: sqlite3.Connection, owner):
        return connection.execute(
            "SELECT job, status FROM jobs "
            "WHERE status IN ('INIT', 'RUNNING') AND owner = ? ORDER BY job",
            (owner,),
        ).fetchall()
"""
JOINED = """
    import sqlite3

    TABLE = "visits"

    def visits(cursor: sqlite3.Cursor, day, column):
        cursor.execute(
            f"SELECT v.{column}, p.label FROM {TABLE} v "
            f"JOIN places p ON p.place = v.place WHERE {day} < v.day;  -- all"
        )
        return cursor.fetchall()
"""
FIRST = """
    import sqlite3

    def newest(connection: sqlite3.Connection):
        cursor = connection.execute("SELECT name FROM events ORDER BY at DESC")
        return cursor.fetchone()
"""
BIGQUERY = """
    from google.cloud import bigquery

    def names(client: bigquery.Client):
        job = client.query(\"\"\"
            SELECT name, COUNT(*) AS n FROM `project.data.people`
            WHERE SAFE_CAST(age AS INT64) > 18 GROUP BY name
        \"\"\")
        return [dict(row) for row in job.result()]
"""
LIMITED = {"limit": 50}


@pytest.mark.parametrize("code", [JOBS, JOINED, BIGQUERY])
def test_a_limit_only_cuts(code: str) -> None:
    receipt = receipt_of(CODEMOD, code, options=LIMITED, line=line_of(code))
    assert receipt.outcome == "no difference", receipt.sentence
    assert any("cut to 50 rows in" in note for note in receipt.notes), receipt.notes


def line_of(code: str) -> int:
    """The line on which the query begins."""
    lines = code[1:].split("\n")
    return 2 + next(
        i for i, each in enumerate(lines) if "SELECT" in each or '"""' in each
    )


def test_the_first_row_stays_the_first() -> None:
    receipt = receipt_of(CODEMOD, FIRST)
    assert receipt.outcome == "no difference", receipt.sentence
    assert any("the first by its ORDER BY" in note for note in receipt.notes)


PLANTED = {
    "within a subquery": (
        """
    import sqlite3

    def open_jobs(connection: sqlite3.Connection):
        return connection.execute(
            "SELECT job FROM (SELECT job, status FROM jobs) WHERE status = 3"
        ).fetchall()
        """,
        "jobs) WHERE status = 3", "jobs LIMIT 50) WHERE status = 3 LIMIT 50",
        "below the limit",
    ),
    "an offset besides": (
        JOBS, "ORDER BY job", "ORDER BY job LIMIT 50 OFFSET 1",
        "before 1 row, after 0 rows, below the limit",
    ),
    "another condition": (
        JOBS, "'RUNNING')", "'RUNNING') AND job > 3", "the limit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_wrong_limit_is_refuted(name: str) -> None:
    code, old, new, shown = PLANTED[name]
    after = code.replace(old, new)
    if "LIMIT" not in after:
        after = after.replace("ORDER BY job", "ORDER BY job LIMIT 50")
    line = line_of(code)
    receipt = receipt_of(CODEMOD, code, after, options=LIMITED, line=line)
    assert receipt.outcome == "difference", receipt.sentence
    assert shown in (receipt.counterexample or "")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT word FROM UNNEST(words)", "reads from no table"),
        ("SELECT own(a) AS x FROM t", "SQLite cannot run it: no such function: OWN"),
    ],
)
def test_what_cannot_be_run_says_why(sql: str, reason: str) -> None:
    code = f"""
    from google.cloud import bigquery

    def read(client: bigquery.Client):
        return list(client.query("{sql}").result())
    """
    receipt = receipt_of(CODEMOD, code, options=LIMITED)
    assert receipt.outcome == "impossible"
    assert receipt.reason == reason


def test_a_loop_over_fetchall_is_not_run() -> None:
    receipt = receipt_of(
        CODEMOD,
        """
        import sqlite3

        def show(cursor: sqlite3.Cursor, statement):
            cursor.execute(statement)
            for row in cursor.fetchall():
                print(row)
        """,
    )
    assert receipt.outcome == "impossible"
    assert "what the loop does to the database" in (receipt.reason or "")


PAGES = {
    "a loop": """
    from google.cloud import bigquery

    def copy(statement, target):
        client = bigquery.Client()
        for row in client.query(statement).result(timeout=60):
            target.write(row)
    """,
    "a job": """
    from google.cloud import bigquery

    class Reader:
        def __init__(self):
            self.client = bigquery.Client()

        def rows(self, statement):
            job = self.client.query(statement)
            return {row["id"]: row.name for row in job.result()}
    """,
    "a table": """
    from google.cloud import bigquery

    def names(client: bigquery.Client, table):
        return [row.name for row in client.list_rows(table) if row.name]
    """,
}


@pytest.mark.parametrize("name", PAGES)
def test_the_real_client_gives_the_same_in_pages(name: str) -> None:
    pytest.importorskip("google.cloud.bigquery")
    receipt = receipt_of(CODEMOD, PAGES[name])
    assert receipt.outcome == "no difference", receipt.sentence
    assert "pages of at most 1,000 rows came, 2,500 before" in receipt.notes


def test_fewer_rows_than_before_are_refuted() -> None:
    pytest.importorskip("google.cloud.bigquery")
    code = PAGES["a table"]
    after = code.replace("list_rows(table)", "list_rows(table, max_results=1000)")
    receipt = receipt_of(CODEMOD, code, after)
    assert receipt.outcome == "difference"
    assert (receipt.counterexample or "").startswith("with 1,001 rows: before it saw [")


def test_a_seed_repeats_its_receipt() -> None:
    def made() -> Receipt:
        return receipt_of(CODEMOD, JOBS, options=LIMITED, line=line_of(JOBS), seed=3)

    assert made() == made()
