"""How long pages take with ten thousand repositories:
`python -m tests.service.many_pages [--database URL] [--repositories N]`.

Rows are written as they would be after three months: 24 counts, 30 runs, 12 findings
and 4 pull requests each, and 5,000 findings in one repository.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import sqlalchemy as sa

from bot.model import Base
from bot.report import Looked, Report
from bot.service.ledger import Ledger
from bot.service.ledger.records import Run, finding, recorded
from bot.service.ledger.tables import COUNTS, FINDINGS, PULLS, REPOSITORIES, RUNS
from bot.service.viewers import Viewer
from tests.service.filled import DAY, KINDS, NOW, places
from tests.service.opened import ADMIN, Opened, opened

LARGE = "acme/large"
TIMES = 15
PAGES = (
    "/",
    "/?sort=name&page=150",
    "/?sort=pulls",
    "/?q=repo-99&codemod=iterrows",
    "/?show=failed",
    "/r/acme/repo-77",
    f"/r/{LARGE}",
    f"/r/{LARGE}/findings/shell-true",
    f"/r/{LARGE}/findings/shell-true?page=200",
    "/r/acme/repo-77/runs",
)


def filled_with_many(ledger: Ledger, count: int) -> None:
    random = Random(8)
    with ledger.engine.begin() as work:
        for start in range(0, count, 500):
            numbers = range(start, min(count, start + 500))
            for table, rows in (
                (REPOSITORIES, repositories(random, numbers)),
                (COUNTS, counts(random, numbers)),
                (RUNS, runs(random, numbers)),
                (PULLS, pulls(random, numbers)),
                (FINDINGS, findings(random, numbers)),
            ):
                work.execute(sa.insert(table), list(rows))
        found = tuple(places(random, "shell-true", 5_000))
        looked = Looked("shell-true", Base("main", "c0ffee", 0), found)
        run = Run("large", LARGE, "push", "done", "", NOW - DAY, 60.0)
        recorded(work, run, Report(LARGE, "0.1.0", NOW - DAY, 60.0, (looked,)))
        for table in (REPOSITORIES, COUNTS, RUNS, PULLS, FINDINGS):
            work.execute(sa.text(f"ANALYZE {table.name}"))


Rows = Iterator[dict[str, Any]]


def repositories(random: Random, numbers: Sequence[int]) -> Rows:
    for number in numbers:
        name = f"acme/repo-{number}"
        outcome = "passing" if number % 50 == 0 else "done"
        row: dict[str, Any] = {
            "name": name,
            "shown": name,
            "installation": 1,
            "outcome": outcome,
        }
        began = NOW - random.random() * DAY
        row |= {"begun": began, "ran": began, "base": "main", "commit": "c0ffee"}
        yield {**row, "fixes": number % 97, "alone": 12, "pulls": 1}


def counts(random: Random, numbers: Sequence[int]) -> Rows:
    for number in numbers:
        for codemod in KINDS:
            fixes = random.randrange(60)
            days = sorted((random.random() * 95 for _ in range(6)), reverse=True)
            for day, until in zip(days, [*days[1:], None], strict=True):
                before, fixes = fixes, max(0, fixes - random.randrange(8))
                row: dict[str, Any] = {"codemod": codemod}
                row["repository"] = f"acme/repo-{number}"
                times = {
                    "at": NOW - day * DAY,
                    "until": None if until is None else NOW - until * DAY,
                }
                row |= {
                    "day": int((NOW - day * DAY) // DAY),
                    "more": 2 * (fixes - before),
                }
                row |= {"more_alone": 0, "declined": 3}
                yield {**row, **times, "safe": fixes, "unsafe": fixes}


def runs(random: Random, numbers: Sequence[int]) -> Rows:
    for number in numbers:
        for day in range(30):
            row = {"job": f"{number}-{day}", "repository": f"acme/repo-{number}"}
            row |= {"why": "nightly", "outcome": "done", "error": "", "version": "0.1"}
            log = [[at * 0.5, "a line of the log"] for at in range(10)]
            times = {"began": NOW - day * DAY, "seconds": random.random() * 60}
            yield {**row, **times, "log": log, "opened": 0, "updated": 0, "closed": 0}


def pulls(random: Random, numbers: Sequence[int]) -> Rows:
    for number in numbers:
        for at, state in enumerate(("open", "merged", "merged", "closed")):
            row = {"repository": f"acme/repo-{number}", "number": at, "state": state}
            row |= {"branch": "codemod/iterrows", "title": "iterrows: three places"}
            yield {**row, "created": NOW - DAY, "updated": NOW - random.random()}


def findings(random: Random, numbers: Sequence[int]) -> Rows:
    for number in numbers:
        for kind in KINDS:
            for place in places(random, kind, 3):
                yield finding(f"acme/repo-{number}", kind, place)


def measured(pages: Opened, path: str) -> tuple[float, float, float, float]:
    """Of one page after another (ms): median and longest, and of processor time, the
    asking included, the median and that of the first."""
    took, worked = [], []
    for _ in range(TIMES):
        began, before = time.perf_counter(), time.process_time()
        status, _, _ = pages.ask(path)
        worked.append((time.process_time() - before) * 1000)
        took.append((time.perf_counter() - began) * 1000)
        assert status == 200
    return median(took), max(took), median(worked), worked[0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="")
    parser.add_argument("--repositories", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="codemod-many-") as folder:
        url = given.database or f"sqlite:///{Path(folder) / 'service.sqlite'}"
        ledger = Ledger(url)
        filled_with_many(ledger, given.repositories)
        some = frozenset(f"acme/repo-{at}" for at in range(given.repositories // 2))
        with opened(ledger) as pages:
            pages.ask("/")  # loads what pages need, and keeps nothing for others
        with opened(ledger) as pages:
            for viewer in (ADMIN, Viewer("bob", some, False, "bobs")):
                what = "all" if viewer.repositories is None else "half"
                print(f"  median  longest  processor, the first: sees {what} of them")
                for path in PAGES:
                    if LARGE in path and what == "half":
                        continue
                    pages.viewer = viewer
                    figures = measured(pages, path)
                    print(*(f"{figure:5.0f} ms" for figure in figures), path)


if __name__ == "__main__":
    main()
