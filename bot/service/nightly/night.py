"""The turns that are due, taken: most of them cost a fiftieth of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from bot.ports import Trouble
from bot.service.deliveries import Forget, Job, Visit
from bot.service.ledger.turns import Installation, Turn, Turns, batches
from bot.service.nightly.calendar import Calendar, Schedule
from bot.service.nightly.reach import Reach
from bot.snapshot import AT_ONCE, Snapshot
from codemods import __version__

WHY = "nightly sweep"
BUSY = 900.0  # seconds without a word after which who was at work is taken to be gone

Put = Callable[[str, Sequence[Job]], object]
Say = Callable[..., object]


@dataclass(slots=True)
class Taken:
    """How many turns were taken, by outcome."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, turns: Iterable[Turn]) -> None:
        for turn in turns:
            self.counts[turn.outcome] = self.counts.get(turn.outcome, 0) + 1


@dataclass(frozen=True, slots=True)
class Night:
    """What a sweep needs; `put` enqueues jobs, once for an id, and `asked` is what else
    a look depends on, such as whose API is asked."""

    calendar: Calendar
    turns: Turns
    reach: Reach
    put: Put
    say: Say
    asked: str = ""

    def go_on(self, clock: Callable[[], float]) -> Taken:
        """Take all turns that are due, unless another process is at that."""
        now = clock()
        taken = Taken()
        since, listed = self.turns.begin(now)
        if not self.turns.claim(now, now + BUSY):
            return taken
        try:
            if max(since, listed) < self.calendar.night(now):
                self.list_installations(now)
            for each in self.turns.installations():
                schedule = self.calendar.of(each.id, each.account)
                if not schedule.off and since < schedule.night(now):
                    self.installation(each, schedule, clock, taken)
        finally:
            self.turns.hold(0.0)
        return taken

    def list_installations(self, now: float) -> None:
        """Find new ones without a webhook, and forget those that are gone."""
        try:
            found = self.reach.installations()
        except Trouble as error:
            self.say("sweep: installations are not listed", error=str(error))
            return
        night = self.calendar.night(now)
        for number in self.turns.know(found, night):
            self.forget(number, self.turns.of(number).values(), night)

    def installation(
        self,
        each: Installation,
        schedule: Schedule,
        clock: Callable[[], float],
        taken: Taken,
    ) -> None:
        night = schedule.night(clock())
        try:
            if each.listed < night:
                self.list_repositories(each, night)
            due = [
                turn
                for turn in self.turns.waiting(each.id, night)
                if schedule.turn(night, turn.name) <= clock()
            ]
            for some in batches(due, AT_ONCE):
                self.turns.hold(clock() + BUSY)
                taken.add(self.take(each.id, some, night))
        except Trouble as error:  # what is left is due the next time
            self.say("sweep: put off", installation=each.id, error=str(error))

    def list_repositories(self, each: Installation, night: float) -> None:
        found = self.reach.repositories(each.id)
        there = self.turns.of(each.id)
        names = {name.lower() for name in found}
        gone = [shown for name, shown in there.items() if name not in names]
        self.forget(each.id, gone, night)
        self.turns.hold_to(each.id, found, night)

    def forget(self, installation: int, names: Iterable[str], night: float) -> None:
        for name in names:
            job = Forget(name, installation, "no longer installed")
            self.put(identity("gone", night, name), [job])

    def take(
        self, installation: int, turns: Sequence[Turn], night: float
    ) -> list[Turn]:
        """Look at these, and put a job where there may be something to do."""
        bases = {turn.name: turn.base for turn in turns}
        seen = self.reach.seen(installation, bases)
        taken = [
            self.turn(turn, seen[turn.name], night)
            for turn in turns
            if turn.name in seen
        ]
        for turn in taken:
            if turn.job:
                self.put(turn.job, [Visit(turn.name, installation, WHY)])
        # Only now: who dies before takes the same turns again, and puts the same jobs.
        self.turns.take(taken)
        return taken

    def turn(self, last: Turn, seen: Snapshot | None, night: float) -> Turn:
        here = replace(last, night=night, job="")
        if seen is None:
            return replace(here, outcome="unknown", digest="")
        if seen.archived:
            return replace(here, outcome="archived", digest="")
        digest = seen.digest(__version__, self.asked)
        if digest == last.digest:
            return replace(here, outcome="nothing new", seen=digest)
        job = identity("night", night, last.name)
        return replace(here, outcome="queued", job=job, seen=digest, digest="")


def identity(kind: str, night: float, name: str) -> str:
    """A job's id: the same for a repository and a night."""
    moment = datetime.fromtimestamp(night, UTC).strftime("%Y%m%dT%H%MZ")
    return f"{kind}-{moment}-{sha256(name.lower().encode()).hexdigest()[:16]}"
