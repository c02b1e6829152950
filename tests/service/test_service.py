"""The service as it runs: deliveries over HTTP, jobs in a database, kill -9 between."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from bot.service import serve
from bot.service.serve import check_sqlite
from bot.settings import SettingsError
from tests.service.postgres import postgres
from tests.service.processes import ROOT, SECRET, running, serving, until


def test_a_delivery_is_one_look_however_often_it_comes(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        delivery = str(uuid4())
        for _ in range(3):
            status, said = service.deliver("acme/data", delivery)
            assert (status, json.loads(said)) == (202, {"message": "1 queued"})
        assert service.settles(1) == ["acme/data"]
        lines = (tmp_path / "log").read_text().splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{")]
        queued = [each for each in events if each["event"] == "queued"]
        assert {each["delivery"] for each in queued} == {delivery}
        assert {each["repository"] for each in queued} == {"acme/data"}
        assert SECRET not in (tmp_path / "log").read_text()
        assert "codemod_deliveries_total" in service.ask("GET", "/metrics")[1]


def test_a_burst_is_one_more_look_after_the_one_at_hand(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.deliver("acme/slow")
        until(lambda: bool(service.looked()))
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: service.deliver("acme/slow"), range(20)))
        assert {status for status, _ in answers} == {202}
        service.deliver("acme/other")
        looked = service.settles(3)
        assert looked.count("acme/slow") == 2
        assert looked.count("acme/other") == 1


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path, "--jobs", "1") as service:
        for number in range(5):
            assert service.deliver(f"acme/slow{number}")[0] == 202
        until(lambda: bool(service.looked()))
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
    with serving(tmp_path) as service:
        looked = service.settles(6)
    assert set(looked) == {f"acme/slow{number}" for number in range(5)}
    # Only the one that was cut off may have been looked at twice.
    assert len(looked) <= 6


def test_what_cannot_succeed_is_not_tried_again(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.deliver("acme/final")
        assert service.settles(1) == ["acme/final"]


def test_who_does_not_know_the_secret_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        body = b'{"ref": "refs/heads/main"}'
        good = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        other = hmac.new(b"other", body, hashlib.sha256).hexdigest()
        for header in ("", "sha256=", f"sha256={other}", f"sha1={good}"):
            status, _ = service.ask(
                "POST",
                "/webhook",
                body,
                X_Hub_Signature_256=header,
                X_GitHub_Event="push",
                X_GitHub_Delivery=str(uuid4()),
            )
            assert status == 401
        assert service.send(b"[]", str(uuid4()), "push")[0] == 400
        assert service.send(body, "../../x", "push")[0] == 400
        assert service.send(b"{}", str(uuid4()), "star") == (
            202,
            '{"message":"star is of no interest"}',
        )
        status, _ = service.ask("POST", "/webhook", b"x", Content_Length="25000001")
        assert status == 413
        assert service.ask("GET", "/webhook")[0] == 405
        assert service.ask("GET", "/healthz") == (200, "alive\n")
        assert service.looked() == []


def started_with(*given: str, **environ: str) -> tuple[int, str]:
    """How a service ends that is given no more than this, and what it says."""
    ours = ("CODEMOD_", "GITHUB_")
    others = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *given],
        cwd=ROOT,
        env={**others, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_service_without_a_secret_does_not_start() -> None:
    assert started_with("serve") == (
        2,
        "codemod-bot: set CODEMOD_WEBHOOK_SECRET: without it anybody could send "
        "deliveries\n",
    )


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "set GITHUB_TOKEN, or CODEMOD_APP_ID and CODEMOD_PRIVATE_KEY or "),
        (
            {"CODEMOD_APP_ID": "7", "CODEMOD_PRIVATE_KEY_FILE": "gone.pem"},
            "CODEMOD_PRIVATE_KEY_FILE: cannot be read",
        ),
    ],
)
def test_jobs_without_credentials_do_not_start(
    tmp_path: Path, environ: dict[str, str], said: str
) -> None:
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    code, error = started_with("worker", "--database", database, **environ)
    assert code == 2
    assert f"codemod-bot: {said}" in error


def test_a_look_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "TIME_LIMIT", 3)
    monkeypatch.setenv("GITHUB_TOKEN", "a token of nobody's")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api = f"http://127.0.0.1:{silent.getsockname()[1]}"
        look = serve.Running(("--github-url", api, "--cache", str(tmp_path)))
        began = time.monotonic()
        outcome = look("acme/data")
    assert (outcome.kind, outcome.error) == ("passing", "took more than 3 s")
    assert time.monotonic() - began < 60  # the silent one would be waited for longer


def test_an_extra_that_is_not_installed_is_named() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.modules['structlog'] = None\n"
            "from bot.cli import main; sys.exit(main(['worker']))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "codemod-bot: the service needs structlog: pip install 'codemod[service]'\n",
    )


@pytest.mark.parametrize(
    ("database", "why"),
    [
        ("sqlite:////no/such/folder/jobs.sqlite", "No such file or directory"),
        ("mysql://db/jobs", "No module named"),
        ("sqlite://", "name a file"),
    ],
)
def test_a_database_that_cannot_be_used_is_no_traceback(
    database: str, why: str
) -> None:
    code, said = started_with("worker", "--database", database, GITHUB_TOKEN="x")
    assert code in (2, 3)
    assert said.startswith("codemod-bot: ")
    assert why in said
    assert "Traceback" not in said


def test_an_sqlite_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    with pytest.raises(SettingsError, match=r"SQLite is 3\.40\.1, and jobs need 3\.42"):
        check_sqlite("sqlite:///x", (3, 40, 1))
    check_sqlite("sqlite:///x", (3, 42, 0))
    check_sqlite("postgresql://x", (3, 40, 1))


def test_two_workers_on_postgresql_do_each_job_once(tmp_path: Path) -> None:
    with postgres() as server:
        database = ("--database", server.url)
        with (
            serving(tmp_path, "--no-jobs", database=server.url) as service,
            running(tmp_path, "worker", "--name", "two", *database),
            running(tmp_path, "worker", "--name", "three", *database),
        ):
            for number in range(12):
                assert service.deliver(f"acme/data{number}")[0] == 202
            looked = service.settles(12)
    assert sorted(looked) == sorted(f"acme/data{number}" for number in range(12))


def test_a_database_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    with postgres() as server, serving(tmp_path, database=server.url) as service:
        assert service.deliver("acme/one")[0] == 202
        assert service.settles(1) == ["acme/one"]
        server.stop()
        assert service.ask("GET", "/healthz")[0] == 200
        assert service.ask("GET", "/readyz")[0] == 503
        # GitHub hears that it was not kept, and a person may have it sent again.
        assert service.deliver("acme/two")[0] == 503
        server.start()
        until(lambda: service.ask("GET", "/readyz")[0] == 200)
        assert service.deliver("acme/two")[0] == 202
        assert service.settles(2) == ["acme/one", "acme/two"]
