"""The report of the service's night, from what its jobs left in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, main
from bot.ports import Trouble
from bot.report import Place
from bot.service.ledger import Ledger
from bot.service.ledger.summaries import last_night
from bot.service.ledger.tables import TABLES
from bot.service.ledger.turns import Turn, Turns
from bot.summary import Category, Worst
from bot.sweep import Row
from tests.service.postgres import postgres
from tests.service.test_ledger import LEFT, RUN, SAFE, report

DAY = 86_400.0
NIGHT = 1_795_485_600.0  # 2026-11-24 02:00 UTC
TEXT = """\
Sweep of 2026-11-24 02:00 UTC: 3 repositories, 2 worked on, 1 as they were, 1 failed

finding   found  open  refused  left alone  fixed  new  trend
iterrows      2     1        0           1      1    0     -1

worst files         findings
Acme/Data app/a.py         1  iterrows 1
Acme/Data app/b.py         1  iterrows 1

repository  opened  updated  closed  error
Acme/Data        1        0       0
acme/gone        0        0       0  it is away

Findings night by night since 2026-11-23: 3 2
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'service.sqlite'}"
        return
    with postgres() as server:
        yield server.url


def two_nights(url: str) -> Ledger:
    """Three findings on the first night; then one is gone, and a look failed."""
    ledger = Ledger(url)
    turns = Turns(ledger.engine)
    more = replace(SAFE, line=8, fingerprint="c" * 16)
    both = [Place(SAFE, "made"), Place(LEFT, "declined")]
    before = replace(RUN, job="n-1", began=NIGHT - DAY + 60)
    ledger.record(before, report(*both, Place(more, "made"), began=NIGHT - DAY + 60))
    turns.take([Turn("acme/Data", NIGHT - DAY, "queued", "n-1")])
    now = replace(RUN, job="n-2", began=NIGHT + 60)
    ledger.record(now, report(*both, began=NIGHT + 60))
    turns.take(
        [
            Turn("Acme/Data", NIGHT, "queued", "n-2"),
            Turn("acme/gone", NIGHT, "queued", "n-3"),
            Turn("acme/same", NIGHT, "nothing new"),
        ]
    )
    gone = replace(now, job="n-3", repository="acme/gone", outcome="final")
    ledger.record(replace(gone, error="it is away"), None)
    return ledger


def test_a_night_in_the_tables(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = two_nights(url)
    found = last_night(ledger.engine)
    assert found.categories == (Category("iterrows", 2, 1, 0, 1, fixed=1, new=0),)
    assert found.worst == (
        Worst("Acme/Data", "app/a.py", (("iterrows", 1),)),
        Worst("Acme/Data", "app/b.py", (("iterrows", 1),)),
    )
    assert found.rows == (
        Row("Acme/Data", opened=1),
        Row("acme/gone", error="it is away"),
    )
    assert [count for _, count in found.trend] == [3, 2]
    assert main(["sweep", "--report", "--database", url]) == DONE
    assert capsys.readouterr().out == TEXT
    TABLES.drop_all(ledger.engine)
    ledger.engine.dispose()


def test_without_a_night_there_is_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with pytest.raises(Trouble, match="no sweep has left anything in this database"):
        last_night(Ledger(url).engine)
    nowhere = "sqlite:////nowhere/service.sqlite"
    assert main(["sweep", "--report", "--database", nowhere]) == FAILED
    assert capsys.readouterr().err.startswith("codemod-bot: ")
