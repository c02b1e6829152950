"""What is done for a delivery is told twice: as a span, and as a line in the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars

from bot.service import traces

LOG = structlog.get_logger(__name__)


@contextmanager
def telling(
    name: str, delivery: str, repository: str, installation: int = 0
) -> Iterator[Callable[[str, str], None]]:
    """Whatever is logged meanwhile has these; call what it gives with how it ended.

    Without an installation it is that of what this is a part of.
    An error is for the log alone: it may have words of the repository.
    """
    installation = installation or get_contextvars().get("installation", 0)
    about: dict[str, str | int] = {
        "repository": repository,
        "installation": installation,
    }
    began = time.monotonic()
    with (
        bound_contextvars(delivery=delivery, **about),
        traces.span(name, delivery, **about),
    ):

        def tell(outcome: str, error: str = "") -> None:
            seconds = round(time.monotonic() - began, 3)
            more = {"error": error} if error else {}
            traces.note(outcome=outcome)
            LOG.info(name, outcome=outcome, seconds=seconds, **more)

        yield tell
