"""Memory and requests of the real BigQuery client with and without a page size.

    python -m bench.bigquery_pages [ROWS]

The endpoint runs in a process of its own on loopback; peaks are what tracemalloc sees
in the client's, after one round to warm up. MB are 10^6 bytes.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.unbounded_query.fake_bigquery import serving_apart

if TYPE_CHECKING:
    from google.cloud import bigquery

Way = Callable[["bigquery.Client"], object]


def iterated(client: bigquery.Client) -> object:
    total = 0
    for row in client.query("SELECT 1").result():
        total += row.id
    return total


def iterated_in_pages(client: bigquery.Client) -> object:
    total = 0
    for row in client.query("SELECT 1").result(page_size=1000):
        total += row.id
    return total


def collected(client: bigquery.Client) -> object:
    return sum(row.id for row in list(client.query("SELECT 1").result()))


def collected_in_pages(client: bigquery.Client) -> object:
    rows = list(client.query("SELECT 1").result(page_size=1000))
    return sum(row.id for row in rows)


WAYS: tuple[Way, ...] = (iterated, iterated_in_pages, collected, collected_in_pages)


def peak(way: Way, client: bigquery.Client) -> tuple[object, float]:
    """What a way gives, and the most megabytes that Python held meanwhile."""
    tracemalloc.start()
    try:
        value = way(client)
        return value, tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def main(rows: int) -> None:
    values = set()
    with serving_apart(rows) as client:
        iterated_in_pages(client)
        for way in WAYS:
            value, megabytes = peak(way, client)
            values.add(value)
            print(f"{way.__name__:20} {megabytes:8.1f} MB")
    print("same result" if len(values) == 1 else "DIFFERENT RESULTS")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
