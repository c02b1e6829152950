"""The pages behind a real server, with a viewer of the test's choice."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send

from bot.service.ledger import Ledger
from bot.service.listing import Listed, NotFailed, State
from bot.service.pages import routes
from bot.service.pages.layout import style_route
from bot.service.viewers import Viewer
from tests.service.filled import NOW

ADMIN = Viewer("ada", None, True, "a-token-of-the-form")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass
class Jobs:
    """A queue with the jobs that it was given."""

    jobs: list[Listed] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)

    def counts(self) -> dict[State, int]:
        states: tuple[State, ...] = ("waiting", "running", "done", "failed")
        return {each: len(self.listed(each)) for each in states}

    def listed(self, state: State | None = None, limit: int = 100) -> list[Listed]:
        return [job for job in self.jobs if state in (None, job.state)][:limit]

    def retry(self, job: str) -> str:
        if job not in {each.id for each in self.jobs}:
            raise NotFailed("there is no such job")
        self.retried.append(job)
        return job


@dataclass
class Opened:
    """A server of the pages; who looks at them can be changed."""

    viewer: Viewer | None = ADMIN
    queue: Jobs = field(default_factory=Jobs)
    port: int = 0
    failed: str = ""  # the page of a run that went wrong, where there is one

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def who(self, connection: HTTPConnection) -> Viewer | None:
        return self.viewer

    def ask(
        self, path: str, method: str = "GET", form: str | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, form, kind if form is not None else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()


@contextmanager
def opened(ledger: Ledger) -> Iterator[Opened]:
    pages = Opened()
    made = routes(ledger, pages.who, "https://github.com", pages.queue, lambda: NOW)
    app = Starlette(routes=[style_route(), *made])

    async def with_policy(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"content-security-policy", POLICY.encode())
                message["headers"] = [*message["headers"], header]
            await send(message)

        await app(scope, receive, sent)

    config = uvicorn.Config(
        with_policy, port=0, log_level="warning", lifespan="off", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    pages.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield pages
    finally:
        server.should_exit = True
        thread.join(10)
