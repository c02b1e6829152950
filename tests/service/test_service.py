"""The service as it runs: deliveries over HTTP, jobs in a database, kill -9 between."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from bot.service.serve import check_sqlite
from bot.settings import SettingsError

ROOT = Path(__file__).parent.parent.parent
SECRET = "a secret of the webhook's"

# The service with a look that leaves a line in a file instead of going to GitHub.
PROGRAM = """\
import sys, time
from pathlib import Path
from bot.service import jobs, serve

class Looking:
    def __init__(self, arguments):
        self.file = Path(sys.argv[1])
    def __call__(self, repository):
        name = repository.partition("/")[2]
        with self.file.open("a") as stream:
            stream.write(f"{repository}\\n")
        if name.startswith("slow"):
            time.sleep(1.5)
        if name.startswith("final"):
            raise jobs.Final("it is archived")
        return "looked"

jobs.PAUSE = 0.1
serve.Running = Looking
from bot.cli import main
sys.exit(main(sys.argv[2:]))
"""


@dataclass(frozen=True)
class Service:
    """A running service, and where its looks leave their lines."""

    process: subprocess.Popen[bytes]
    port: int
    looks: Path

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): text for name, text in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def deliver(
        self, repository: str, delivery: str | None = None, event: str = "push"
    ) -> tuple[int, str]:
        body = json.dumps(
            {
                "ref": "refs/heads/main",
                "repository": {"full_name": repository, "default_branch": "main"},
                "installation": {"id": 1},
                "sender": {"login": "ada"},
            }
        ).encode()
        return self.send(body, delivery or str(uuid4()), event)

    def send(self, body: bytes, delivery: str, event: str) -> tuple[int, str]:
        made = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return self.ask(
            "POST",
            "/webhook",
            body,
            X_Hub_Signature_256=f"sha256={made}",
            X_GitHub_Event=event,
            X_GitHub_Delivery=delivery,
        )

    def looked(self) -> list[str]:
        return self.looks.read_text().split() if self.looks.exists() else []

    def settles(self, count: int, seconds: float = 30) -> list[str]:
        """The looks once there are so many, and a moment later still no more."""
        end = time.monotonic() + seconds
        while len(self.looked()) < count and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(2.5)
        return self.looked()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[Service]:
    program = folder / "program.py"
    program.write_text(PROGRAM)
    port = free_port()
    database = f"sqlite:///{folder / 'service.sqlite'}"
    given = ("serve", "--port", str(port), "--database", database, "--name", "one")
    process = subprocess.Popen(
        [sys.executable, program, folder / "looks", *given, *more],
        cwd=ROOT,
        env={**os.environ, "CODEMOD_WEBHOOK_SECRET": SECRET, "PYTHONPATH": str(ROOT)},
        stderr=(folder / "log").open("ab"),
    )
    service = Service(process, port, folder / "looks")
    try:
        await_answer(service)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(service: Service) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert service.process.poll() is None, "it ended"
        try:
            if service.ask("GET", "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it does not answer")


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
        while not service.looked():
            time.sleep(0.05)
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
        while not service.looked():
            time.sleep(0.05)
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


def test_a_service_without_a_secret_does_not_start() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("CODEMOD_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "codemod-bot: set CODEMOD_WEBHOOK_SECRET: without it anybody could send "
        "deliveries\n"
    )


def test_an_sqlite_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    with pytest.raises(SettingsError, match=r"SQLite is 3\.40\.1, and jobs need 3\.42"):
        check_sqlite("sqlite:///x", (3, 40, 1))
    check_sqlite("sqlite:///x", (3, 42, 0))
    check_sqlite("postgresql://x", (3, 40, 1))
