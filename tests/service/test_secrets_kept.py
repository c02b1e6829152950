"""A service whose runs fail, at a GitHub that shows what it was sent: no secret is in
its log, and none in its database."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from bot import credentials
from bot.apps import App
from tests.bot.remote import Quiet, Server
from tests.service.processes import (
    SECRET,
    Service,
    await_answer,
    free_port,
    running,
    until,
)

VALUES = {
    "CODEMOD_APP_ID": "12345",
    "CODEMOD_WEBHOOK_SECRET": SECRET,
    "CODEMOD_CLIENT_ID": "Iv1.0123456789abcdef",
    "CODEMOD_CLIENT_SECRET": "planted-client-secret",
    "CODEMOD_SESSION_SECRET": "planted-session-secret",
    "CODEMOD_ADMIN_TOKEN": "planted-admin-token-of-24",
}
PROGRAM = "import sys\nfrom bot.cli import main\nsys.exit(main(sys.argv[2:]))\n"


@contextmanager
def echoing() -> Iterator[tuple[str, list[str]]]:
    """A GitHub that refuses, with what it was sent; its URL, and that."""
    sent: list[str] = []

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        sent.append(environ.get("HTTP_AUTHORIZATION", ""))
        start("403 Forbidden", [("Content-Type", "application/json")])
        return [json.dumps({"message": f"you sent {sent[-1]}"}).encode()]

    server = make_server("127.0.0.1", 0, answer, Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_run_that_fails_leaves_no_secret(tmp_path: Path, app: App) -> None:
    port, log = free_port(), tmp_path / "log"
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with echoing() as (api, sent):
        path = str(tmp_path / "app.env")
        there = {"CODEMOD_GITHUB_URL": api, "CODEMOD_URL": f"http://127.0.0.1:{port}"}
        credentials.write(path, {**VALUES, **there}, app.key, False)
        given = (
            "serve",
            "--credentials",
            path,
            "--port",
            str(port),
            "--cache",
            str(tmp_path / "cache"),
        )
        database = ("--database", f"sqlite:///{tmp_path / 'service.sqlite'}")
        with running(tmp_path, *given, *database, program=program) as process:
            service = Service(process, port, tmp_path / "looks")
            await_answer(service)
            assert service.deliver("acme/data")[0] == 202
            until(lambda: '"event": "run"' in log.read_text(), 120)
            text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    (run,) = [each for each in lines if each["event"] == "run"]
    assert run["error"].endswith("(you sent Bearer [hidden])")
    assert sent[0].startswith("Bearer eyJ")
    kept = b"".join(each.read_bytes() for each in tmp_path.glob("service.sqlite*"))
    assert b"you sent Bearer" in kept
    secrets = [value for name, value in VALUES.items() if "ID" not in name]
    secrets += [app.key.splitlines()[1], *(each.split()[-1] for each in sent)]
    for secret in secrets:
        assert secret not in text
        assert secret.encode() not in kept
