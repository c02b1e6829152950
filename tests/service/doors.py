"""The service's address in this process, with a page that says who looks at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import uvicorn
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.service.connections import settings
from bot.service.deliveries import Job
from bot.service.ledger import Ledger
from bot.service.signin import SignIn, Ways, asked_for, who
from bot.service.signin.sessions import Sessions
from bot.service.web import application
from bot.service.webhook import Webhook
from tests.service.processes import SECRET, free_port

ADMIN_TOKEN = "a token of the only admin"


@dataclass
class Place:
    """A running service: its clock (s since 1970), its log, and the jobs that came."""

    url: str
    sessions: Sessions | None
    now: float = 1_800_000_000.0
    events: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[tuple[str, Sequence[Job]]] = field(default_factory=list)

    def log(self, event: str, **more: object) -> None:
        self.events.append({"event": event, **more})

    def put(self, delivery: str, jobs: Sequence[Job]) -> Future[None]:
        self.jobs.append((delivery, jobs))
        kept: Future[None] = Future()
        kept.set_result(None)
        return kept

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(self.url + path, allow_redirects=False, timeout=30, **more)


async def home(request: Request) -> Response:
    """Who is signed in, as JSON; for others the status that a page would have."""
    viewer = who(request)
    if viewer is None:
        return JSONResponse(None, 401)
    names = None if viewer.repositories is None else sorted(viewer.repositories)
    seen = {"login": viewer.login, "repositories": names}
    return JSONResponse({**seen, "admin": viewer.admin, "csrf": viewer.csrf})


async def broken(request: Request) -> Response:
    raise RuntimeError("of our insides")


async def touched(request: Request) -> Response:
    return JSONResponse({"touched": True})


PAGES = (
    Route("/", home),
    Route("/broken", broken),
    Route("/touch", touched, methods=["POST"]),
)


@contextmanager
def place(
    folder: Path,
    environment: Mapping[str, str],
    api: str = "",
    admins: str = "",
    url: str = "",
    port: int = 0,
    metrics: str = "",
) -> Iterator[Place]:
    port = port or free_port()
    ledger = Ledger(f"sqlite:///{folder / 'doors.sqlite'}")
    ways = asked_for(environment, url, "127.0.0.1", port, api, admins)
    found = Place(f"http://127.0.0.1:{port}", None)
    sign_in = None
    if isinstance(ways, Ways):
        found.sessions = Sessions(ledger.engine, ways.secret)
        found.sessions.prepare()
        sign_in = SignIn(ways, found.sessions, lambda: found.now, found.log)
    hook = Webhook([SECRET], "", found.put, lambda: "", found.log)
    app = application(hook, CollectorRegistry(), sign_in, PAGES, metrics)
    with answering(app, port):
        yield found
    ledger.engine.dispose()


@contextmanager
def answering(app: Any, port: int) -> Iterator[None]:
    server = uvicorn.Server(settings(app, "127.0.0.1", port))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()
