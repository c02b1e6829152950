"""What the service keeps of a run: told once, told again, and of hostile text."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.model import Base, Change, Pull
from bot.ports import Trouble
from bot.report import Line, Looked, Place, Report
from bot.service.ledger import Ledger, Run
from bot.service.ledger.records import know
from bot.service.ledger.tables import (
    COUNTS,
    FINDINGS,
    PULLS,
    REPOSITORIES,
    RUNS,
    TURNS,
)
from bot.service.ledger.tables import SCHEMA as VERSIONS

SAFE = Change("app/a.py", 3, "safe", "a" * 16, "a loop", "for", "zip")
LEFT = Change("app/b.py", 9, "declined", "b" * 16, "a loop", "for", reason="it escapes")
PULL = Pull(7, "codemod/iterrows", "main", "c0ffee", "the body", "iterrows: x")
RUN = Run("d-1", "Acme/Data", "push to main", "done", "", 1000.0, 2.5)


def report(*places: Place, began: float = 1000.0) -> Report:
    looked = Looked("iterrows", Base("main", "c0ffee", 900), places)
    log = (Line(0.5, "iterrows: 2 findings"),)
    return Report("Acme/Data", "0.1.0", began, 2.5, (looked,), (PULL,), log, opened=1)


BOTH = report(Place(SAFE, "made"), Place(LEFT, "declined"))


def rows(ledger: Ledger, table: sa.Table, *names: str) -> list[tuple[object, ...]]:
    columns = [table.c[name] for name in names]
    with ledger.engine.connect() as work:
        return [tuple(row) for row in work.execute(sa.select(*columns))]


def test_a_report_told_twice_is_kept_once(ledger: Ledger) -> None:
    ledger.begin("Acme/Data", 1000.0, installation=5)
    for _ in range(2):
        ledger.record(RUN, BOTH)
    assert rows(ledger, REPOSITORIES, "name", "shown", "installation", "commit") == [
        ("acme/data", "Acme/Data", 5, "c0ffee")
    ]
    assert rows(ledger, FINDINGS, "path", "tier", "state", "reason") == [
        ("app/a.py", "safe", "made", None),
        ("app/b.py", "declined", "declined", "it escapes"),
    ]
    assert rows(ledger, PULLS, "number", "state") == [(7, "open")]
    assert rows(ledger, RUNS, "job", "outcome", "log", "opened") == [
        ("d-1", "done", [[0.5, "iterrows: 2 findings"]], 1)
    ]
    assert rows(ledger, COUNTS, "safe", "unsafe", "declined") == [(1, 0, 1)]


def test_counts_have_a_row_for_each_change(ledger: Ledger) -> None:
    ledger.begin("acme/data", 1000.0)
    for at, places in enumerate([BOTH, BOTH, report(), report(), BOTH]):
        run = replace(RUN, job=f"d-{at}", began=1000.0 + at)
        ledger.record(run, replace(places, began=1000.0 + at))
    assert rows(ledger, COUNTS, "at", "until", "safe", "declined") == [
        (1000.0, 1002.0, 1, 1),
        (1002.0, 1004.0, 0, 0),
        (1004.0, None, 1, 1),
    ]


def test_what_another_codemod_found_stays(ledger: Ledger) -> None:
    ledger.record(RUN, BOTH)
    other = replace(BOTH.looked[0], codemod="shell-true", places=())
    ledger.record(replace(RUN, job="d-2"), replace(BOTH, looked=(other,), pulls=()))
    assert len(rows(ledger, FINDINGS, "path")) == 2
    assert rows(ledger, PULLS, "number") == [(7,)]


def test_text_that_no_database_takes(ledger: Ledger) -> None:
    odd = replace(SAFE, path="a\0b\udcff.py", before="x" * 1_000_000)
    ledger.record(RUN, report(Place(odd, "made")))
    ((path, before),) = rows(ledger, FINDINGS, "path", "before")
    assert path == "a\N{REPLACEMENT CHARACTER}b?.py"
    assert len(str(before)) == 20_000


def test_a_look_that_failed_leaves_what_was_known(ledger: Ledger) -> None:
    ledger.record(RUN, BOTH)
    after = replace(RUN, job="d-2", outcome="passing", error="down", began=1005.0)
    ledger.record(after, None)
    assert rows(ledger, REPOSITORIES, "shown", "commit", "ran", "outcome") == [
        ("Acme/Data", "c0ffee", 1005.0, "passing")
    ]
    assert len(rows(ledger, FINDINGS, "path")) == 2
    assert rows(ledger, RUNS, "outcome", "error") == [("done", ""), ("passing", "down")]


def test_a_forgotten_repository_leaves_nothing(ledger: Ledger) -> None:
    ledger.begin("Acme/Data", 1000.0)
    ledger.record(RUN, BOTH)
    assert ledger.begun_after("acme/DATA", 999.0)
    ledger.forget("ACME/data")
    for table in (FINDINGS, PULLS, RUNS, COUNTS):
        assert rows(ledger, table, "repository") == []
    assert rows(ledger, REPOSITORIES, "name") == []
    assert not ledger.begun_after("acme/data", 0.0)


def test_a_renamed_repository_keeps_what_is_known(ledger: Ledger) -> None:
    ledger.begin("Acme/Data", 1000.0, 7)
    ledger.record(RUN, BOTH)
    turn = {
        "night": 1.0,
        "outcome": "",
        "job": "",
        "seen": "",
        "base": "",
        "digest": "",
    }
    with ledger.engine.begin() as work:
        for name in ("acme/data", "acme/new"):
            work.execute(sa.insert(TURNS).values(repository=name, **turn))
    for _ in range(2):  # a job may be done again
        ledger.rename("acme/DATA", "Acme/New")
    for table in (FINDINGS, PULLS, RUNS, COUNTS, TURNS):
        assert set(rows(ledger, table, "repository")) == {("acme/new",)}
    columns = ("name", "shown", "installation")
    assert rows(ledger, REPOSITORIES, *columns) == [("acme/new", "Acme/New", 7)]
    assert ledger.begun_after("acme/new", 999.0)
    ledger.rename("Acme/New", "Acme/NEW")  # only its case
    assert len(rows(ledger, FINDINGS, "path")) == 2
    # Where another look was first, what it found is what counts.
    ledger.begin("Acme/Last", 2000.0)
    ledger.rename("acme/new", "acme/last", 3000.0)
    assert ledger.forgotten_after("acme/new", 2999.0)
    assert not ledger.forgotten_after("acme/last", 2999.0)
    assert rows(ledger, REPOSITORIES, "name") == [("acme/last",)]
    assert rows(ledger, FINDINGS, "path") == []


def test_two_may_learn_of_a_repository_at_once(ledger: Ledger) -> None:
    with ThreadPoolExecutor(1) as apart:
        with ledger.engine.begin() as work:
            know(work, "Acme/Data", {"installation": 5})
            other = apart.submit(ledger.know, "acme/data", {"begun": 1000.0})
            wait([other], 0.3)
            assert not other.done()
        other.result()
    assert rows(ledger, REPOSITORIES, "shown", "installation", "begun") == [
        ("Acme/Data", 5, 1000.0)
    ]


def test_what_was_asked_before_a_repository_was_forgotten_is_known(
    ledger: Ledger,
) -> None:
    ledger.forget("Acme/Data", 1000.0)
    assert ledger.forgotten_after("acme/data", 999.0)
    assert not ledger.forgotten_after("acme/data", 1001.0)
    ledger.forget("Acme/Data", 2000.0)
    assert ledger.forgotten_after("acme/DATA", 1001.0)
    ledger.forget("Acme/Data", 1500.0)  # a job that was late
    assert ledger.forgotten_after("acme/data", 1999.0)


def test_tables_of_a_newer_version_are_left_alone(ledger: Ledger) -> None:
    with ledger.engine.begin() as work:
        work.execute(sa.update(VERSIONS).values(version=2))
    with pytest.raises(Trouble, match="newer codemod: upgrade"):
        Ledger(ledger.engine.url.render_as_string(hide_password=False))


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "service.sqlite"
    Ledger(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
