"""Traces: a delivery, its job and its run, received as a collector receives them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.collector import attributes, collecting
from tests.service.processes import ROOT, SECRET, serving

DELIVERY = "0b989ba4-242f-11e5-81e1-c7b6966d2516"


def test_a_delivery_is_a_trace_with_its_job_and_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEMOD_SESSION_SECRET", "a secret of sessions")
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")  # ms
        with serving(tmp_path) as service:
            service.deliver("acme/data", DELIVERY)
            service.deliver("acme/final")
            service.send(b"{}", DELIVERY, "star")
            assert len(service.settles(2)) == 2
            status, _ = service.ask(
                "POST", "/webhook", b"{}", X_GitHub_Delivery="abcdefgh"
            )
            assert status == 401
    assert collector.names == {"codemod-bot"}
    ours = {
        "codemod.delivery": DELIVERY,
        "codemod.repository": "acme/data",
        "codemod.installation": 1,
    }
    mine = [
        each for each in collector.spans if ours.items() <= attributes(each).items()
    ]
    by_name = {each.name: each for each in mine}
    delivery, job, run = (by_name[name] for name in ("delivery", "job", "run"))
    assert len({each.trace_id for each in mine}) == 1
    assert delivery.parent_span_id == b""
    assert job.parent_span_id == delivery.span_id
    assert run.parent_span_id == job.span_id
    assert attributes(run)["codemod.outcome"] == "done"
    (failed,) = [e for e in collector.spans if e.name == "job" and e.status.code == 2]
    assert attributes(failed)["codemod.repository"] == "acme/final"
    # Whose words an error has is not known: only what kind of one it is.
    assert failed.status.message == "Failed"
    assert b"it is archived" not in b"".join(collector.raw)
    assert SECRET.encode() not in b"".join(collector.raw)
    assert b"a secret of sessions" not in b"".join(collector.raw)
    assert b"abcdefgh" not in b"".join(collector.raw)  # anybody may send that


def test_nothing_of_it_is_loaded_unless_asked_for() -> None:
    program = "import sys; from bot.service import traces; assert traces.begin() == ''"
    program += "; print([m for m in sys.modules if m.startswith('opentelemetry')])"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_without_the_extra_it_is_said() -> None:
    program = "import sys; sys.modules['opentelemetry.sdk.trace'] = None\n"
    program += "from bot.service import traces; print(traces.begin())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pip install 'codemod[telemetry]'" in done.stdout
