"""A night of many repositories in which nothing happened: what it costs.

`python -m tests.service.thousand [--count N]`: the service's sweep, in batches, on the
light stand-in (tests/service/many.py). The first two nights
have jobs for all, which are taken as done; the third is measured.
"""

from __future__ import annotations

import resource
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bot.access import Installed
from bot.service.deliveries import Job
from bot.service.ledger import Ledger
from bot.service.ledger.tables import TURNS
from bot.service.ledger.turns import Turns
from bot.service.nightly.calendar import Calendar
from bot.service.nightly.night import Night
from bot.service.nightly.reach import AppReach
from tests.bot.conftest import an_app
from tests.service.many import Many, answering

DAY = 86_400.0


@dataclass
class Nights:
    """A sweep of so many repositories of one installation."""

    ledger: Ledger
    night: Night
    many: Many
    jobs: list[str] = field(default_factory=list)

    def put(self, identity: str, jobs: Sequence[Job]) -> None:
        self.jobs.append(identity)

    def at(self, now: float) -> dict[str, int]:
        del self.many.requests[:], self.jobs[:]
        return self.night.go_on(lambda: now).counts

    def settle(self) -> None:
        """As the jobs do that find nothing to do."""
        c = TURNS.c
        settled = sa.update(TURNS).values(base="main", digest=c.seen)
        with self.ledger.engine.begin() as work:
            work.execute(settled.where(c.base == "main"))
            work.execute(sa.update(TURNS).values(base="main"))


def nights(folder: Path, count: int, many: Many, api: str) -> Nights:
    many.places[1] = [f"acme/app{number}" for number in range(count)]
    ledger = Ledger(f"sqlite:///{folder / 'service.sqlite'}")
    reach = AppReach(Installed(an_app(), api))
    put: list[Nights] = []
    night = Night(
        Calendar(),
        Turns(ledger.engine),
        reach,
        lambda identity, jobs: put[0].put(identity, jobs),
        print,
    )
    put.append(Nights(ledger, night, many))
    return put[0]


def settled(found: Nights) -> None:
    """Until a night has nothing to do."""
    found.at(0.0)
    for night in (1, 2):
        found.at(night * DAY)
        found.settle()


def main() -> None:
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=1_000)
    count = parser.parse_args().count
    many = Many()
    with tempfile.TemporaryDirectory() as folder, answering(many) as api:
        found = nights(Path(folder), count, many, api)
        settled(found)
        began, used = time.perf_counter(), cpu()
        counts = found.at(3 * DAY)
        print(f"{counts}: {time.perf_counter() - began:.1f} s", end=", ")
        print(f"{cpu() - used:.1f} s of CPU with the stand-in's", end=", ")
        print(f"{len(many.requests)} requests, {len(found.jobs)} jobs")


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
