"""The log: one line of JSON an event on standard error, and never a secret in it.

What uvicorn, dbos and Python itself have to say comes the same way, tracebacks as well.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.hiding import HIDDEN, hiding

SECRETS = re.compile(
    "CODEMOD_.*(SECRET|TOKEN|PRIVATE_KEY)(_OLD)?|GITHUB_TOKEN|PGPASSWORD"
)
SHORTEST = 8  # characters; what is shorter is no secret, and is in every other word
LOG: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
COMMON: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Not as values of every frame: a token may be one.
    structlog.processors.format_exc_info,
)


def configure(environ: Mapping[str, str]) -> None:
    """Log to standard error from now on; secrets are those of the environment."""
    to = structlog.stdlib.ProcessorFormatter
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        to(
            foreign_pre_chain=[*COMMON, named],
            processors=[
                to.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=Hiding(secrets(environ))),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    structlog.configure(
        processors=[*COMMON, to.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.getLogger("bot").setLevel(logging.INFO)
    # It gives itself a handler of its own where it has none.
    dbos = logging.getLogger("dbos")
    dbos.handlers[:], dbos.propagate = [handler], False
    sys.excepthook = ended
    threading.excepthook = ended_in_thread


def named(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What a library says is its words; the event is that it said something."""
    record = event.get("_record")
    return event if record is None else {**event, "logger": record.name}


def secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values that no line may have, the longest first."""
    found = {v for k, v in environ.items() if SECRETS.fullmatch(k)}
    return tuple(
        sorted((v for v in found if len(v) >= SHORTEST), key=len, reverse=True)
    )


class Hiding:
    """JSON without secrets: nothing that is logged comes past it."""

    def __init__(self, known: Sequence[str]) -> None:
        words = [re.escape(json.dumps(word)[1:-1]) for word in known]
        self.known = re.compile("|".join(words)) if words else None

    def __call__(self, event: object, **given: Any) -> str:
        line = json.dumps(event, **given)
        if self.known is not None:
            line = self.known.sub(HIDDEN, line)
        return hiding(line)


def ended(
    kind: type[BaseException], error: BaseException, where: TracebackType | None
) -> None:
    LOG.critical("ended", exc_info=(kind, error, where))


def ended_in_thread(given: threading.ExceptHookArgs) -> None:
    error = given.exc_value or given.exc_type()
    LOG.error("thread ended", exc_info=(given.exc_type, error, given.exc_traceback))
