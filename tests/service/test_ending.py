"""The service ends when it is told to, whatever it is at, and says why when it cannot
begin."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.service.processes import running, serving, until


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_look_does_not_keep_it(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as service:
        service.deliver("acme/slow")
        until(lambda: bool(service.looked()))
        service.process.send_signal(number)
        assert service.process.wait(30) == 0
        time.sleep(2)  # longer than the look would have taken
        assert service.ended() == []
    told = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [each["level"] for each in told if each["level"] != "info"] == []
    with serving(tmp_path) as service:
        until(lambda: service.ended() == ["acme/slow"])


def test_a_port_that_is_taken_is_said_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with serving(tmp_path) as service:
        given = ("serve", "--port", str(service.port), "--name", "two")
        database = ("--database", f"sqlite:///{tmp_path / 'other' / 'x.sqlite'}")
        with running(tmp_path / "other", *given, *database) as process:
            assert process.wait(60) == 3
    lines = (tmp_path / "other" / "log").read_text().splitlines()
    (error,) = [e for e in map(json.loads, lines) if e["level"] == "error"]
    assert error["logger"] == "uvicorn.error"
    assert "address already in use" in error["event"]
