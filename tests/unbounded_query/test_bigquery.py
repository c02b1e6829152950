"""The rewrites, run by the real BigQuery client against an endpoint on loopback."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from codemods.catalog.unbounded_query import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source
from tests.unbounded_query.fake_bigquery import serving, serving_apart

if TYPE_CHECKING:
    from google.cloud import bigquery

pytest.importorskip("google.cloud.bigquery")

HEAD = "from google.cloud import bigquery\n\n\ndef read(client: bigquery.Client):\n"
ITERATED = {
    "a for loop": """\
    total = 0
    for row in client.query("SELECT id, name FROM d.t").result():
        total += row.id
    return total
""",
    "names and enumerate": """\
    job = client.query("SELECT id, name FROM d.t")
    rows = job.result(timeout=60)
    last = None
    for number, row in enumerate(rows):
        last = (number, dict(row))
    return rows.total_rows, last
""",
    "a job itself": """\
    seen = []
    for row in client.query("SELECT id, name FROM d.t"):
        seen.append(row["name"])
    return seen
""",
    "query_and_wait": """\
    return {row.id: row.name for row in client.query_and_wait("SELECT id FROM d.t")}
""",
    "list_rows": """\
    return [row.id for row in client.list_rows("p.d.t") if row.id % 3]
""",
    "a mapped list": """\
    return [dict(row) for row in client.query("SELECT id FROM d.t").result()]
""",
    "a generator": """\
    return sum(row.id for row in client.query("SELECT id FROM d.t").result())
""",
    "a break and an else": """\
    for row in client.query("SELECT id FROM d.t").result():
        if row.id == 1234:
            break
    else:
        return "never"
    return row.name
""",
}


def rewritten(code: str, *, unsafe: bool = False) -> str:
    result = run(Source("x.py", code.encode()), [CODEMOD], Settings(unsafe=unsafe))
    assert result.failures == ()
    return result.after.data.decode()


def outcome(code: str, client: bigquery.Client) -> object:
    names: dict[str, Any] = {}
    exec(compile(code, "x.py", "exec"), names)
    return names["read"](client)


@pytest.mark.parametrize("body", ITERATED.values(), ids=ITERATED.keys())
def test_the_same_rows_in_pages_of_a_thousand(body: str) -> None:
    before = HEAD + body
    after = rewritten(before)
    assert "page_size=1000" in after
    with serving(2500) as (client, log):
        expected = outcome(before, client)
        assert max(log.pages) == 2500
        log.pages.clear()
        assert outcome(after, client) == expected
        assert set(log.pages) <= {1000, 500}
        assert len(log.pages) >= 2


@pytest.mark.parametrize("rows", [0, 1, 999, 1000, 1001])
def test_the_same_at_the_edges_of_a_page(rows: int) -> None:
    before = HEAD + ITERATED["names and enumerate"]
    with serving(rows) as (client, _):
        assert outcome(rewritten(before), client) == outcome(before, client)


def test_a_list_read_once_gives_the_same_as_a_generator() -> None:
    before = (
        HEAD
        + """\
    rows = [dict(row) for row in client.query("SELECT id FROM d.t").result()]
    total = 0
    for row in rows:
        total += row["id"]
    return total
"""
    )
    after = rewritten(before, unsafe=True)
    assert "rows = (dict(row) for row in" in after
    with serving(2500) as (client, _):
        assert outcome(after, client) == outcome(before, client)


def test_the_limit_is_what_the_server_is_asked() -> None:
    before = HEAD + "    return list(client.query('SELECT id FROM d.t;').result())\n"
    settings = Settings(unsafe=True, options={"unbounded-query": {"limit": 7}})
    result = run(Source("x.py", before.encode()), [CODEMOD], settings)
    with serving(3) as (client, log):
        outcome(result.after.data.decode(), client)
    assert log.queries == ["SELECT id FROM d.t LIMIT 7;"]


def test_a_page_bounds_memory() -> None:
    before = HEAD + ITERATED["a for loop"]
    with serving_apart(12_000) as client:
        peaks = [peak(code, client) for code in (before, rewritten(before))]
    assert peaks[1] < peaks[0] / 2


def peak(code: str, client: bigquery.Client) -> int:
    """The most bytes that Python held while the code ran."""
    outcome(code, client)
    tracemalloc.start()
    try:
        outcome(code, client)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
