"""The log: JSON alone, whoever has something to say, and no secret in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.service.processes import ROOT, SECRET, serving

TOKEN = "ghs_abcdefghijklmnopqrstuvwxyz0123456789"
BASIC = "postgresql://codemod:hunter2hunter2@db/codemod"
KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"
)
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjEyMzQ1fQ.c2lnbmF0dXJlLW9mLWl0"

STAR = b'{"repository": {"full_name": "acme/data"}, "installation": {"id": 7}}'

PROGRAM = """\
import logging, os, sys, threading
import structlog
from bot.service import logs

logs.configure(os.environ)
token, basic, key, jwt = sys.argv[1:]

def fail():
    held = key  # a value of the frame, which no traceback may show
    raise RuntimeError(f"{token} {basic}")

try:
    fail()
except RuntimeError:
    own = os.environ["CODEMOD_SESSION_SECRET"]
    structlog.get_logger('bot.x').exception("failed", key=key, jwt=jwt, own=own)
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    logging.getLogger("dbos").warning("a job of %s", basic)
logging.getLogger("urllib3").info("of no interest")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def lines(text: str) -> list[dict[str, Any]]:
    """What was logged: every line is an object of JSON."""
    return [json.loads(line) for line in text.splitlines()]


def test_whatever_fails_is_json_without_secrets() -> None:
    own = {"CODEMOD_SESSION_SECRET": 'quotes " and \\ are secret too', "CODEMOD_X": "x"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, TOKEN, BASIC, KEY, JWT],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    failed, uvicorn, dbos, thread, ended = lines(done.stderr)
    assert failed["event"] == "failed"
    hidden = [failed[name].strip() for name in ("own", "key", "jwt")]
    assert hidden == ["[hidden]"] * 3
    assert (uvicorn["logger"], uvicorn["level"]) == ("uvicorn.error", "error")
    assert (dbos["logger"], dbos["level"]) == ("dbos", "warning")
    assert dbos["event"] == "a job of postgresql://[hidden]@db/codemod"
    assert (thread["event"], ended["event"]) == ("thread ended", "ended")
    for each in (failed, uvicorn, thread, ended):
        assert "RuntimeError: [hidden] postgresql://[hidden]@db" in each["exception"]
        assert each["timestamp"].endswith("Z")
    for secret in (TOKEN, "hunter2", "MIIEpAIBAAKCAQEA", JWT, "are secret too"):
        assert secret not in done.stderr


def test_what_is_done_is_told_with_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "CODEMOD_CLIENT_SECRET", "it is archived"
    )  # the look's own words
    delivery = "0b989ba4-242f-11e5-81e1-c7b6966d2516"
    with serving(tmp_path) as service:
        service.deliver("acme/data", delivery)
        service.deliver("acme/final")
        service.send(STAR, "11111111-2222", "star")
        assert sorted(service.settles(2)) == ["acme/data", "acme/final"]
    told = lines((tmp_path / "log").read_text())
    about = {"delivery": delivery, "repository": "acme/data", "installation": 1}
    for event in ("queued", "run"):
        (found,) = [
            e for e in told if e["event"] == event and about.items() <= e.items()
        ]
        assert found["level"] == "info"
    (run,) = [e for e in told if e["event"] == "run" and e["outcome"] == "final"]
    assert run["repository"] == "acme/final"
    assert run["error"] == "[hidden]"
    (ignored,) = [e for e in told if e["event"] == "ignored"]
    assert ignored["delivery"] == "11111111-2222"
    assert (ignored["repository"], ignored["installation"]) == ("acme/data", 7)
    assert SECRET not in (tmp_path / "log").read_text()
