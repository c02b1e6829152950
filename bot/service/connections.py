"""How connections are served, and that those which keep the service waiting are ended.

uvicorn waits as long as a client likes for the head of a request, and for a client that
does not read its answer.
"""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

STEP = 5.0  # seconds between two looks at a connection
IDLE = 15.0  # seconds that one may be without a whole request's head
BUSY = 120.0  # seconds from a request's head to the end of its answer
MOST = 1_000  # connections; uvicorn answers 503 to more
HEAD = 32_768  # bytes of a request's head


class Impatient(H11Protocol):
    """One connection."""

    look: TimerHandle | None = None
    state: tuple[Any, bool] = (None, False)  # the request, and whether it is under way
    since: float = 0.0

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self.since = self.loop.time()
        self.look = self.loop.call_later(STEP, self.looked)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.look is not None:
            self.look.cancel()
        super().connection_lost(exc)

    def looked(self) -> None:
        now = self.loop.time()
        busy = self.cycle is not None and not self.cycle.response_complete
        if self.state != (self.cycle, busy):
            self.state, self.since = (self.cycle, busy), now
        if now - self.since >= (BUSY if busy else IDLE):
            self.transport.abort()
        else:
            self.look = self.loop.call_later(STEP, self.looked)


def settings(app: ASGIApp, host: str, port: int, proxies: str = "") -> uvicorn.Config:
    """`proxies` are the addresses whose X-Forwarded-For is believed, with commas."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        log_config=None,  # what it says comes into our log
        server_header=False,
        http=Impatient,
        ws="none",
        limit_concurrency=MOST,
        h11_max_incomplete_event_size=HEAD,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
