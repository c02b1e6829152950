"""Processes that die, stop or are cut off, and what becomes of their jobs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

from bot.service.takeover import Heard, listened
from tests.service.postgres import postgres
from tests.service.processes import ROOT, Service, jobs_in, running, serving, until
from tests.service.wire import wire


def test_silence_is_counted_in_rounds_of_ones_own() -> None:
    first = listened({}, {"a": "1", "b": "1"})
    assert first == {"a": Heard("1", 0), "b": Heard("1", 0)}
    second = listened(first, {"a": "2", "b": "1", "c": "1"})
    assert second == {"a": Heard("2", 0), "b": Heard("1", 1), "c": Heard("1", 0)}
    assert listened(second, {"b": "1"}) == {"b": Heard("1", 2)}
    # After a round that could not be made nothing is known.
    assert listened({}, {"b": "1"}) == {"b": Heard("1", 0)}


def test_a_stopped_workers_jobs_are_done_once_by_another(tmp_path: Path) -> None:
    with postgres() as server:
        given = ("worker", "--jobs", "2", "--database", server.url)
        with (
            serving(tmp_path, "--no-jobs", database=server.url) as service,
            running(tmp_path, *given, "--name", "stops") as stopped,
        ):
            ids = [put(service, "acme/long1"), put(service, "eve/long2")]
            until(lambda: len(service.looked()) == 2)
            stopped.send_signal(signal.SIGSTOP)
            # Two notice at once: the one that serves, and this.
            with running(tmp_path, *given, "--name", "two"):
                ids += [put(service, f"bob/data{number}") for number in range(4)]
                until(lambda: jobs_in(server.url) == dict.fromkeys(ids, "SUCCESS"))
                looked = Counter(service.looked())
                stopped.send_signal(signal.SIGCONT)
                time.sleep(2.5)  # its looks come to an end now
                ids.append(put(service, "bob/last"))
                until(lambda: jobs_in(server.url) == dict.fromkeys(ids, "SUCCESS"))
        assert looked["acme/long1"] == looked["eve/long2"] == 2
        assert all(looked[f"bob/data{number}"] == 1 for number in range(4))
        assert Counter(service.looked()) == looked + Counter(["bob/last"])
        assert "taken over" in (tmp_path / "log").read_text()


def test_a_worker_cut_off_from_the_database_ends_its_look_for_nothing(
    tmp_path: Path,
) -> None:
    with postgres() as server, wire(server.port) as way:
        far = server.url.replace(f":{server.port}/", f":{way.port}/")
        given = ("worker", "--jobs", "1", "--database")
        with (
            serving(tmp_path, "--no-jobs", database=server.url) as service,
            running(tmp_path, *given, far, "--name", "far"),
        ):
            ids = [put(service, "acme/long")]
            until(lambda: service.looked() == ["acme/long"])
            way.cut()
            with running(tmp_path, *given, server.url, "--name", "near"):
                until(lambda: jobs_in(server.url) == dict.fromkeys(ids, "SUCCESS"))
                assert service.ended() == ["acme/long"] * 2  # of one nobody heard
            way.mend()
            ids.append(put(service, "bob/data"))  # only the far one is left
            until(lambda: jobs_in(server.url) == dict.fromkeys(ids, "SUCCESS"))
        assert service.looked() == ["acme/long", "acme/long", "bob/data"]


def test_a_job_that_kills_its_process_is_given_up(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path, "--no-jobs") as service:
        ids = [put(service, name) for name in ("acme/slow1", "acme/slow2")]
        poison = put(service, "eve/poison")
        until(lambda: len(jobs_in(database)) == 3)
    worker = ("worker", "--jobs", "3", "--database", database, "--name", "w")
    for _ in range(3):
        with running(tmp_path, *worker) as process:
            until(lambda: is_over(process) or is_settled(database))
    assert jobs_in(database) == {**dict.fromkeys(ids, "SUCCESS"), poison: "ERROR"}
    assert service.looked().count("eve/poison") == 2
    assert set(service.ended()) == {"acme/slow1", "acme/slow2"}


def test_postgresql_restarted_while_jobs_run(tmp_path: Path) -> None:
    with postgres() as server, serving(tmp_path, database=server.url) as service:
        ids = [put(service, name) for name in ("acme/long", "eve/long", "bob/data")]
        until(lambda: len(service.looked()) >= 2)
        server.stop()
        time.sleep(3)  # the looks end while there is no database
        assert service.ask("GET", "/readyz")[0] == 503
        server.start()
        until(lambda: is_settled(server.url))
        assert jobs_in(server.url) == dict.fromkeys(ids, "SUCCESS")
        assert sorted(service.looked()) == ["acme/long", "bob/data", "eve/long"]


def test_a_look_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    child = (
        "import os, sys; from bot.service.tethered import tie; tie(int(sys.argv[1]))"
    )
    child += "; print(os.getpid(), flush=True); import time; time.sleep(60)"
    parent = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', "
    parent += "sys.argv[1], str(os.getpid())])"
    begun = subprocess.Popen(
        [sys.executable, "-c", parent, child], cwd=ROOT, stdout=subprocess.PIPE
    )
    with begun:
        assert begun.stdout is not None
        look = int(begun.stdout.readline())
        begun.kill()
    until(lambda: not Path(f"/proc/{look}").exists())


def put(service: Service, repository: str) -> str:
    delivery = str(uuid4())
    assert service.deliver(repository, delivery)[0] == 202
    return delivery


def is_over(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def is_settled(database: str) -> bool:
    return set(jobs_in(database).values()) <= {"SUCCESS", "ERROR"}
