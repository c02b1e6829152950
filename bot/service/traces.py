"""Traces by OpenTelemetry: off, unless OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra
`codemod[telemetry]` is installed. Without them nothing of it is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.service.tracing import Tracing

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
MISSING = "traces need OpenTelemetry: pip install 'codemod[telemetry]'"
_here: list[Tracing] = []


def begin() -> str:
    """Send traces from now on, where that is asked for; why that cannot be, if so."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return ""
    try:
        from bot.service.tracing import tracing
    except ImportError:
        return MISSING
    _here[:] = [tracing()]
    return ""


def end() -> None:
    """Send what is left."""
    while _here:
        _here.pop().provider.shutdown()


@contextmanager
def span(name: str, delivery: str, **about: str | int) -> Iterator[None]:
    """Something that is done for a delivery, or by a job of ours with such an id.

    Give names and numbers, and no text of a repository or an error.
    """
    if not _here:
        yield
        return
    with _here[0].span(name, delivery, about):
        yield


def came(delivery: str, began: int, **about: str | int) -> None:
    """A delivery came, at a time in ns since 1970, and is kept now."""
    if _here:
        _here[0].root(delivery, began, about)


def note(**about: str | int) -> None:
    """What is found out about it on the way."""
    if _here:
        _here[0].note(about)
