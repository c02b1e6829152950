"""Jobs: who waits for whom, what is listed, what an upgrade and a full disk do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from bot.service.deliveries import Forget, Job, Visit
from bot.service.inbox import numbered, read, written
from bot.service.lanes import LANES, again, lane
from tests.service.postgres import postgres
from tests.service.processes import (
    ROOT,
    Service,
    jobs_in,
    running,
    serving,
    until,
)


def test_a_repository_stays_in_its_lane_of_a_few() -> None:
    lanes = {lane(7, f"acme/data{number}") for number in range(200)}
    assert lanes == {f"7/{number}" for number in range(LANES)}
    assert lane(7, "Acme/Data") == lane(7, "acme/data")
    assert lane(7, "acme/data") != lane(8, "acme/data")


def test_a_further_try_has_an_id_of_its_own() -> None:
    assert again("abc") == "abc~1"
    assert again("abc~1") == "abc~2"


def test_jobs_are_read_as_they_were_written() -> None:
    jobs: list[Job] = [
        Visit("acme/a", 7, "push to \ud800\x00"),
        Forget("acme/b", 7, "gone"),
    ]
    assert read(written(jobs)) == jobs
    assert list(numbered("d", jobs)) == [("d.0", jobs[0]), ("d.1", jobs[1])]
    assert list(numbered("d", jobs[:1])) == [("d", jobs[0])]


def test_a_small_organisation_does_not_wait_behind_a_large_one(tmp_path: Path) -> None:
    with serving(tmp_path, "--jobs", "3") as service:
        many = [{"full_name": f"big/slow{number}"} for number in range(300)]
        deliver(service, "installation", 1, action="created", repositories=many)
        until(lambda: len(service.looked()) >= 3)
        for number in range(3):
            one = [{"full_name": f"small{number}/data"}]
            deliver(
                service, "installation", 2 + number, action="created", repositories=one
            )
        until(lambda: sum(each.startswith("small") for each in service.ended()) == 3)
        before = [each for each in service.looked() if each.startswith("big")]
        # Each took a turn or two of three workers; the large one has 90 more to go.
        assert len(before) < 40


def test_jobs_are_listed_and_failed_ones_tried_again(tmp_path: Path) -> None:
    with postgres() as server:
        database = server.url
        with serving(tmp_path, database=database) as service:
            failed, done = str(uuid4()), str(uuid4())
            service.deliver("acme/final", failed)
            service.deliver("acme/data", done)
            until(lambda: len(jobs_in(database)) == 2 and is_settled(database))
        found = asked(database, LISTING, failed)
        assert f"{failed} look acme/final 1 failed 'it is archived'" in found
        assert f"{done} look acme/data 1 done ''" in found
        assert "{'waiting': 0, 'running': 0, 'done': 1, 'failed': 1}" in found
        # Asked twice, it is tried once more.
        assert found.count(f"put {failed}~1") == 2
        assert f"{failed} again {failed}~1" in found
        assert f"{done} the job did not fail" in found
        with serving(tmp_path, database=database) as service:
            until(lambda: jobs_in(database)[f"{failed}~1"] == "ERROR")
        assert service.looked().count("acme/final") == 2
        assert asked(database, TIDYING).split() == ["0", "0"]


def test_what_does_not_pass_at_once_is_put_off(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path, "--jobs", "1") as service:
        delivery = str(uuid4())
        service.deliver("acme/down", delivery)
        until(lambda: jobs_in(database).get(f"{delivery}~1") == "SUCCESS")
    assert jobs_in(database) == {delivery: "ERROR", f"{delivery}~1": "SUCCESS"}
    # Four attempts, and the further try, at which all is well.
    assert service.looked() == ["acme/down"] * 5
    found = asked(database, LISTING, delivery)
    why = "GitHub does not answer; tried again in 0 minutes"
    assert f"{delivery} look acme/down 1 failed '{why}'" in found
    assert f"{delivery} again {delivery}~1" in found


def test_a_look_put_off_does_not_bring_back_what_was_forgotten(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path) as service:
        service.deliver("acme/down")
        until(lambda: service.looked() != [])
        gone = [{"full_name": "acme/down"}]
        deliver(service, "installation", 1, action="deleted", repositories=gone)
        service.deliver("acme/data")
        until(lambda: len(jobs_in(database)) == 4 and is_settled(database))
    engine = sa.create_engine(database)
    with engine.connect() as work:
        names = work.execute(sa.text("select name from codemod_repositories")).all()
    assert [name for (name,) in names] == ["acme/data"]


def test_jobs_that_wait_survive_an_upgrade(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path, "--no-jobs") as service:
        for number in range(3):
            service.deliver(f"acme/data{number}")
        until(lambda: len(jobs_in(database)) == 3)
    program = tmp_path / "upgraded.py"
    text = (tmp_path / "program.py").read_text()
    program.write_text(f"import codemods\ncodemods.__version__ = '99.0'\n{text}")
    worker = ("worker", "--name", "new", "--database", database)
    with running(tmp_path, *worker, program=program):
        until(lambda: set(jobs_in(database).values()) == {"SUCCESS"})
    assert len(service.ended()) == 3


def test_what_ended_long_ago_is_thrown_away(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path) as service:
        ids = [str(uuid4()) for _ in range(4)]
        names = ("acme/final", "acme/final2", "acme/data", "acme/data2")
        for delivery, name in zip(ids, names, strict=True):
            service.deliver(name, delivery)
        until(lambda: len(jobs_in(database)) == 4 and is_settled(database))
    ages = dict(zip(ids, (91, 31, 31, 29), strict=True))
    engine = sa.create_engine(database)
    with engine.begin() as work:
        for delivery, days in ages.items():
            for text in AGED:
                back = {"id": delivery, "ms": days * 86_400_000, "s": days * 86_400}
                work.execute(sa.text(text), back)
    assert asked(database, TIDYING).split() == ["5", "0"]
    assert set(jobs_in(database)) == {ids[1], ids[3]}
    with engine.connect() as work:
        left = "SELECT delivery FROM codemod_inbox"
        assert set(work.execute(sa.text(left)).scalars()) == set(ids[1:])
        left = "SELECT job FROM codemod_runs"
        assert set(work.execute(sa.text(left)).scalars()) == {ids[1], ids[3]}


def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as folder:
        database = f"sqlite:///{folder / 'service.sqlite'}"
        with serving(tmp_path, database=database) as service:
            kept = [str(uuid4()) for _ in range(3)]
            for delivery, name in zip(kept, ("long", "slow", "data"), strict=True):
                assert service.deliver(f"acme{name}/{name}", delivery)[0] == 202
            until(lambda: len(service.looked()) >= 2)
            fill(folder)
            status, said = service.ask("GET", "/readyz")
            assert (status, "is its disk full?" in said) == (503, True)
            assert service.deliver("acme/lost")[0] == 503
            assert service.ask("GET", "/healthz")[0] == 200
            until(lambda: len(service.ended()) >= 2)
            time.sleep(1)  # that cannot be written down
            (folder / "filling").unlink()
            until(lambda: service.ask("GET", "/readyz")[0] == 200)
            kept.append(str(uuid4()))
            assert service.deliver("acme/data2", kept[-1])[0] == 202
            until(lambda: jobs_in(database) == dict.fromkeys(kept, "SUCCESS"))
            assert len(service.looked()) == 4


AGED = (
    "UPDATE workflow_status SET completed_at = completed_at - :ms "
    "WHERE workflow_uuid = :id",
    "UPDATE codemod_runs SET began = began - :s WHERE job = :id",
    "UPDATE codemod_inbox SET put = put - :s WHERE delivery = :id",
)
LAUNCHED = """\
import sys
from bot.service import jobs, listing, retention
from bot.service.ledger import Ledger
database = sys.argv[1]
work = jobs.Work(lambda repository: jobs.Outcome("done"), Ledger(database))
jobs.launch(database, "test", work, 0)
"""
LISTING = """\
print(listing.counts())
for each in range(2):
    print("put", listing.retry(sys.argv[2]))
for each in listing.listed():
    print(each.id, each.kind, each.repository, each.installation, each.state,
          repr(each.error))
    if each.retried:
        print(each.id, "again", each.retried)
    if each.state == "done":
        try:
            listing.retry(each.id)
        except listing.NotFailed as error:
            print(each.id, error)
jobs.stop()
"""
TIDYING = """\
from bot.service.database import now
for _ in range(2):
    print(retention.tidied(jobs.database(), 30, now(jobs.database())))
jobs.stop()
"""


def asked(database: str, text: str, *more: str) -> str:
    """What a process with the jobs of a database prints."""
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHED + text, database, *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def deliver(service: Service, event: str, installation: int, **more: object) -> None:
    assert service.tell(event, installation={"id": installation}, **more) == 202


def is_settled(database: str) -> bool:
    return set(jobs_in(database).values()) <= {"SUCCESS", "ERROR"}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a few megabytes; skips where none may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)]
    if os.getuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    with (folder / "filling").open("wb", buffering=0) as stream:
        for size in (65_536, 4_096, 1):
            try:
                while stream.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
