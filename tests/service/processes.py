"""The service's processes, with looks that leave lines instead of going to GitHub."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

ROOT = Path(__file__).parent.parent.parent
HOME = {"PYTHONPATH": str(ROOT)}
SECRET = "a secret of the webhook's"

PATIENCE = 120  # seconds; a machine may be at much else
# The service with a look that leaves a line in a file instead of going to GitHub.
PROGRAM = """\
import os, sys, time
from pathlib import Path
from bot.service import attempts, jobs, lanes, serve, takeover
from bot.service.nightly import clock

class Looking:
    def __init__(self, arguments):
        self.file = Path(sys.argv[1])
        self.ends = self.file.with_name("ends")
    def __call__(self, repository):
        name = repository.partition("/")[2]
        with self.file.open("a") as stream:
            stream.write(f"{repository}\\n")
        with self.file.with_name("ids").open("a") as stream:
            stream.write(f"{jobs.DBOS.workflow_id}\\n")
        if name.startswith("poison"):
            os.kill(os.getpid(), 9)
        if name.startswith("slow"):
            time.sleep(1.5)
        if name.startswith("long"):
            time.sleep(2.5)
        if name.startswith("down") and lanes.AGAIN not in jobs.DBOS.workflow_id:
            return attempts.Outcome("passing", "GitHub does not answer")
        if name.startswith("final"):
            return attempts.Outcome("final", "it is archived")
        with self.ends.open("a") as stream:
            stream.write(f"{repository}\\n")
        return attempts.Outcome("done")

attempts.PAUSE = 0.1
attempts.CUTS = 2
attempts.PUT_OFF = (0.5, 0.5)
takeover.INTERVAL = 0.5
clock.EVERY = os.environ.get("SWEEP_EVERY", clock.EVERY)
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

    def tell(self, event: str, **payload: object) -> int:
        body = json.dumps(payload).encode()
        return self.send(body, str(uuid4()), event)[0]

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

    def ids(self) -> list[str]:
        """The jobs of the looks."""
        ids = self.looks.with_name("ids")
        return ids.read_text().split() if ids.exists() else []

    def ended(self) -> list[str]:
        """The looks that came to their end."""
        ends = self.looks.with_name("ends")
        return ends.read_text().split() if ends.exists() else []

    def settles(self, count: int) -> list[str]:
        """The looks once there are so many, and a moment later still no more."""
        until(lambda: len(self.looked()) >= count)
        time.sleep(2.5)
        return self.looked()


def jobs_in(database: str) -> dict[str, str]:
    """The state of each job, by its id, as the database has it."""
    engine = sa.create_engine(database)
    schema = "" if engine.dialect.name == "sqlite" else "dbos."
    asked = f"""SELECT workflow_uuid, status FROM {schema}workflow_status"""
    with engine.connect() as work:
        found = {row[0]: row[1] for row in work.execute(sa.text(asked))}
    engine.dispose()
    return found


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something to hold; AssertionError where it does not come to."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, *more: str, database: str | None = None) -> Iterator[Service]:
    port = free_port()
    database = database or f"sqlite:///{folder / 'service.sqlite'}"
    given = ("serve", "--port", str(port), "--name", "one", "--database", database)
    with running(folder, *given, *more) as process:
        service = Service(process, port, folder / "looks")
        await_answer(service)
        yield service


@contextmanager
def running(
    folder: Path, *given: str, program: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    if program is None:
        program = folder / "program.py"
        program.write_text(PROGRAM)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, program, folder / "looks", *given],
            cwd=ROOT,
            env={
                **os.environ,
                "CODEMOD_WEBHOOK_SECRET": SECRET,
                "GITHUB_TOKEN": "a token of nobody's",
                "PYTHONPATH": str(ROOT),
            },
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(service: Service) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert service.process.poll() is None, "it ended"
        try:
            if service.ask("GET", "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it does not answer")
