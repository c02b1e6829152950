"""Many deliveries at once: GitHub's own examples, and one that asks for much."""

from __future__ import annotations

import json
import time
from pathlib import Path
from uuid import uuid4

import pytest

from tests.bot.npm import webhooks
from tests.service.burst import deliveries, measure
from tests.service.processes import jobs_in, serving, until


def test_a_burst_is_answered_and_nothing_is_lost(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    examples = webhooks(request.config.cache.mkdir("npm"))
    assert len(examples) == 329
    mixed = deliveries(examples, 700, pushes=False)
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path) as service:
        found = measure(service, database, mixed, connections=24)
    assert (found.sent, found.statuses) == (735, frozenset({b"202"}))
    assert found.asking >= 30
    assert (found.lost, found.twice) == (0, 0)
    assert found.after < found.before + 40


def test_an_installation_of_many_repositories_is_answered_at_once(
    tmp_path: Path,
) -> None:
    many = [{"full_name": f"acme/final{number}"} for number in range(1_500)]
    payload = {"action": "created", "repositories": many, "installation": {"id": 1}}
    database = f"sqlite:///{tmp_path / 'service.sqlite'}"
    with serving(tmp_path, "--no-jobs") as service:
        began = time.monotonic()
        body = json.dumps(payload).encode()
        status, said = service.send(body, str(uuid4()), "installation")
        assert (status, json.loads(said)) == (202, {"message": "1500 queued"})
        assert time.monotonic() - began < 10  # GitHub waits no longer
        service.process.kill()  # most of them are not jobs yet
        service.process.wait()
    with serving(tmp_path, "--no-jobs"):
        until(lambda: len(jobs_in(database)) == 1_500)
