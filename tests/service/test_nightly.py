"""The sweep inside the service: whose turn it is, what it costs, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.access import Installed
from bot.apps import App
from bot.model import Base
from bot.report import Looked, Report
from bot.service.deliveries import Forget, Job, Visit
from bot.service.ledger import Ledger, Run
from bot.service.ledger.tables import REPOSITORIES, SWEEP, TABLES
from bot.service.ledger.turns import Turns
from bot.service.nightly.calendar import Calendar, Schedule
from bot.service.nightly.night import Night
from bot.service.nightly.reach import AppReach
from bot.snapshot import together
from tests.bot.conftest import an_app
from tests.service.many import Many, answering
from tests.service.processes import running, serving, until
from tests.service.test_calendar import moment

DAY = 86_400.0
START = moment("2026-11-23 12:00")
NIGHT = moment("2026-11-24 02:00")
LATE = NIGHT + 5 * 3600  # when the window is over
NAMES = [f"org1/app{number}" for number in range(6)]


on_both = pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def key() -> App:
    return an_app()


@pytest.fixture(autouse=True)
def at_full_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.session.PACE", {"requests": 0, "writes": 0})


@dataclass
class Place:
    """A service's sweep on a GitHub of its own."""

    many: Many
    api: str
    ledger: Ledger
    app: App
    calendar: Calendar = field(default_factory=Calendar)
    queue: dict[str, Job] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)

    def put(self, identity: str, jobs: Sequence[Job]) -> None:
        (job,) = jobs
        self.queue.setdefault(identity, job)

    def at(self, now: float) -> dict[str, int]:
        """What comes of it when somebody looks around at a moment."""
        del self.many.requests[:]
        reach = AppReach(Installed(self.app, self.api))
        turns = Turns(self.ledger.engine)
        night = Night(
            self.calendar,
            turns,
            reach,
            self.put,
            lambda event, **more: self.said.append({"event": event, **more}),
        )
        return night.go_on(lambda: now).counts

    def visited(self) -> list[str]:
        """The repositories to be looked at by the jobs in the queue, taken from it."""
        jobs = list(self.queue.values())
        self.queue.clear()
        return sorted(job.repository for job in jobs if isinstance(job, Visit))

    def work(self, settled: bool = True, base: str = "main") -> None:
        """Do the jobs that wait, and find nothing to do."""
        for identity, job in self.queue.items():
            if isinstance(job, Forget):
                self.ledger.forget(job.repository)
                continue
            run = Run(identity, job.repository, "sweep", "done", "", START, 1.0)
            looked = (Looked("iterrows", Base(base, "0", 0)),)
            name = job.repository
            report = Report(name, "1", START, 1.0, looked, settled=settled)
            self.ledger.record(run, report)
        self.queue.clear()

    def known(self) -> list[str]:
        with self.ledger.engine.connect() as work:
            return sorted(work.execute(sa.select(REPOSITORIES.c.shown)).scalars())

    def is_settled(self) -> None:
        """Two nights in which there was nothing to do, and that is known."""
        self.at(START)
        for night in range(2):
            self.at(LATE + night * DAY)
            self.work()


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, key: App) -> Iterator[Place]:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    if getattr(request, "param", "") == "postgresql":
        database = request.getfixturevalue("server")
    many = Many({1: list(NAMES)})
    ledger = Ledger(database)
    with answering(many) as api:
        yield Place(many, api, ledger, key)
    TABLES.drop_all(ledger.engine)
    ledger.engine.dispose()


def asked(place: Place, path: str) -> int:
    return sum(each.endswith(path) for each in place.many.requests)


def test_every_repository_has_its_turn_in_the_night(place: Place) -> None:
    assert place.at(START) == {}
    assert place.many.requests == []
    schedule = Schedule()
    turns = sorted(schedule.turn(NIGHT, name) for name in NAMES)
    place.at(turns[2] + 1)
    assert len(place.visited()) == 3
    place.at(turns[2] + 2)
    assert place.visited() == []
    place.at(LATE)
    assert len(place.visited()) == 3
    assert place.at(LATE + 3600) == {}
    assert place.many.requests == []


def test_a_night_that_was_missed_is_caught_up_once(place: Place) -> None:
    place.at(START)
    assert place.at(LATE + 3 * DAY) == {"queued": 6}
    assert place.visited() == NAMES
    assert place.at(LATE + 3 * DAY + 60) == {}


def test_the_first_night_is_the_one_after_the_start(place: Place) -> None:
    place.at(NIGHT + 60)
    assert place.at(LATE) == {}
    assert place.at(LATE + DAY) == {"queued": 6}


def test_where_nothing_happened_fifty_cost_one_request(place: Place) -> None:
    place.many.places[1] = [f"org1/app{number}" for number in range(120)]
    place.is_settled()
    assert place.at(LATE + 2 * DAY) == {"nothing new": 120}
    assert asked(place, "/graphql") == 3
    assert place.queue == {}


def test_only_what_changed_is_looked_at(place: Place) -> None:
    place.is_settled()
    place.many.tips["org1/app3"] = "1"
    assert place.at(LATE + 2 * DAY) == {"nothing new": 5, "queued": 1}
    assert place.visited() == ["org1/app3"]


def test_a_look_that_left_something_is_not_the_last(place: Place) -> None:
    place.at(START)
    for night in range(3):
        assert place.at(LATE + night * DAY) == {"queued": 6}
        place.work(settled=False)


def test_a_job_that_was_not_done_leaves_it_open(place: Place) -> None:
    place.is_settled()
    place.many.tips["org1/app3"] = "1"
    place.at(LATE + 2 * DAY)
    place.queue.clear()
    assert place.at(LATE + 3 * DAY) == {"nothing new": 5, "queued": 1}


@on_both
def test_the_base_that_the_config_names_is_asked_about(place: Place) -> None:
    place.is_settled()
    place.many.tips["org1/app3"] = "1"
    place.at(LATE + 2 * DAY)
    place.work(base="next")
    # What was seen was not of that base, and counts for nothing.
    assert place.at(LATE + 3 * DAY) == {"nothing new": 5, "queued": 1}
    place.work(base="next")
    assert place.at(LATE + 4 * DAY) == {"nothing new": 6}


@on_both
def test_new_ones_are_found_and_removed_ones_forgotten(place: Place) -> None:
    place.is_settled()
    place.many.places = {1: [*NAMES[1:], "org1/new"], 2: ["org2/other"]}
    place.at(LATE + 2 * DAY)
    queued = list(place.queue.values())
    assert [job.repository for job in queued if isinstance(job, Forget)] == [NAMES[0]]
    place.work()
    assert place.known() == [*NAMES[1:], "org1/new", "org2/other"]
    del place.many.places[1]
    place.at(LATE + 3 * DAY)
    place.work()
    assert place.known() == ["org2/other"]


def test_a_list_that_is_cut_off_forgets_nothing(place: Place) -> None:
    place.is_settled()
    place.many.answer = cut(place.many)  # type: ignore[method-assign]
    place.at(LATE + 2 * DAY)
    assert place.queue == {}
    assert "fewer repositories" in place.said[-1]["error"]


def cut(many: Many) -> Any:
    whole = many.answer

    def answer(method: str, url: str, who: str, body: bytes) -> tuple[int, Any]:
        status, found = whole(method, url, who, body)
        if "/installation/repositories" in url:
            found["repositories"] = found["repositories"][:2]
        return status, found

    return answer


def test_archived_and_unknown_ones_are_not_looked_at(place: Place) -> None:
    place.is_settled()
    place.many.archived.add(NAMES[0])
    place.many.unknown.add(NAMES[1])
    assert place.at(LATE + 2 * DAY) == {
        "archived": 1,
        "unknown": 1,
        "nothing new": 4,
    }
    place.many.archived.clear()
    place.many.unknown.clear()
    assert place.at(LATE + 3 * DAY) == {"queued": 2, "nothing new": 4}


def test_one_that_github_fails_at_does_not_stop_the_others(place: Place) -> None:
    place.is_settled()
    place.many.places[2] = ["org2/fine"]
    place.many.broken.add(NAMES[-1])
    counts = place.at(LATE + 2 * DAY)
    assert counts["nothing new"] == 5
    assert counts["queued"] == 1
    place.many.broken.clear()
    assert place.at(LATE + 2 * DAY + 300) == {"nothing new": 1}


def test_a_rate_limit_puts_the_rest_off(place: Place) -> None:
    place.is_settled()
    place.many.limited = True
    assert place.at(LATE + 2 * DAY) == {}
    assert asked(place, "/graphql") == 1
    place.many.limited = False
    assert place.at(LATE + 2 * DAY + 300) == {"nothing new": 6}


def test_installations_have_their_own_nights(place: Place) -> None:
    place.many.places[2] = ["org2/one"]
    own = {"org1": Schedule(off=True), "2": Schedule(zone="Asia/Tokyo", hours=0)}
    place.calendar = Calendar(own=own)
    place.at(START)
    assert place.at(moment("2026-11-23 16:59")) == {}
    place.at(moment("2026-11-23 17:01"))
    assert place.visited() == ["org2/one"]
    assert place.at(LATE) == {}


@on_both
def test_two_at_once_are_one(place: Place) -> None:
    place.at(START)
    turns = Turns(place.ledger.engine)
    assert turns.claim(LATE, LATE + 900)
    assert place.at(LATE) == {}
    # Who died at it is taken to be gone after a while.
    assert place.at(LATE + 901) == {"queued": 6}


def test_who_was_forgotten_is_looked_at_when_it_is_back(place: Place) -> None:
    place.is_settled()
    place.ledger.forget(NAMES[2])
    assert place.at(LATE + 2 * DAY) == {"nothing new": 5, "queued": 1}


def test_several_processes_sweep_once(
    tmp_path: Path, key: App, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Many({1: NAMES, 2: ["org2/slow", "org2/other"]})
    monkeypatch.setenv("CODEMOD_APP_ID", str(key.id))
    monkeypatch.setenv("CODEMOD_PRIVATE_KEY", key.key)
    monkeypatch.setenv("SWEEP_EVERY", "* * * * * *")
    names = sorted([*NAMES, "org2/slow", "org2/other"])
    with answering(many) as api:
        reach = ("--github-url", api)
        with (
            serving(tmp_path, "--sweep-hours", "0", *reach, database=server) as service,
            running(
                tmp_path, "worker", "--name", "two", "--database", server, *reach
            ) as worker,
        ):
            await_line(tmp_path / "log", "working")
            assert many.requests == []
            # As if it had been there for days: a night was missed.
            until(lambda: been_there(server, START))
            assert sorted(service.settles(len(names))) == names
            assert worker.poll() is None
    assert many.requests.count("GET /app/installations") == 1
    assert many.requests.count("POST /graphql") == 2


def been_there(database: str, since: float) -> bool:
    """Set back since when there are sweeps; whether the first tick had said it."""
    earlier = sa.update(SWEEP).values(since=since, listed=since)
    with sa.create_engine(database).begin() as work:
        return work.execute(earlier).rowcount == 1


def await_line(log: Path, event: str) -> None:
    until(lambda: f'"{event}"' in log.read_text())


def test_the_question_is_one_that_github_understands(
    request: pytest.FixtureRequest,
) -> None:
    from graphql import parse, validate

    from tests.bot.npm import graphql_schema, packages

    kept = request.config.cache.mkdir("npm")
    schema = graphql_schema(packages(kept))
    assert validate(schema, parse(together(50))) == []
