"""Deliveries that are written down become jobs, whatever comes between."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.service.deliveries import Job, Visit
from bot.service.inbox import Inbox, written


def test_what_is_not_a_job_when_the_service_stops_becomes_one_later(
    tmp_path: Path,
) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'inbox.sqlite'}")

    def too_late(identity: str, job: Job, came: float) -> None:
        stopped.stop()
        raise RuntimeError("dbos has ended")

    stopped = Inbox(engine, too_late)
    rows = [
        {"delivery": name, "jobs": written([Visit(f"acme/{name}", 7, "push")])}
        for name in ("one", "two")
    ]
    stopped.insert(rows)
    stopped.run()

    put: list[str] = []
    started = Inbox(engine, lambda identity, job, came: put.append(identity))
    started.move()
    assert sorted(put) == ["one", "two"]
