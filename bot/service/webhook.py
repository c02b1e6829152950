"""Where GitHub's deliveries come in.

A delivery is answered as soon as its jobs are in the database, and only then: what was
answered is never lost.
"""

from __future__ import annotations

import time
from asyncio import shield, wrap_future
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from anyio import fail_after
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.service import traces
from bot.service.deliveries import (
    DELIVERY,
    Job,
    Nothing,
    NotUnderstood,
    is_signed,
    read,
)

PATIENCE = 8.0  # seconds; GitHub waits for ten
LARGEST = 25_000_000  # bytes; GitHub caps payloads at 25 MB
# Writes a delivery down; the future tells when it is written.
Put = Callable[[str, Sequence[Job]], Future[None]]
COMING = 15.0  # seconds for a body to come
# Bodies are in memory before it is known who sent them. All of them together, without
# the small ones, which are nearly all that GitHub sends, have no more than:
ROOM = 250_000_000  # bytes
SMALL = 262_144  # bytes
Log = Callable[..., object]


@dataclass(slots=True)
class Room:
    """How many bytes of large bodies are in memory now."""

    taken: int = 0


@dataclass(frozen=True, slots=True)
class Webhook:
    """What deliveries need: secrets, our login to pass over, and where jobs go."""

    secrets: Sequence[str]
    me: str
    put: Put
    trouble: Callable[[], str]  # why deliveries cannot be kept; nothing while they can
    log: Log
    room: Room = field(default_factory=Room)

    def routes(self, numbers: CollectorRegistry) -> list[Route]:
        answered = Counter(
            "codemod_deliveries", "Deliveries by answer", ["answer"], registry=numbers
        )
        took = Histogram(
            "codemod_delivery_seconds", "Time to answer a delivery", registry=numbers
        )

        async def webhook(request: Request) -> Response:
            began = time.perf_counter()
            response, answer = await delivered(request, self)
            answered.labels(answer).inc()
            took.observe(time.perf_counter() - began)
            return response

        return [Route("/webhook", webhook, methods=["POST"])]


class TooLarge(Exception):
    """A body of more bytes than any delivery has."""


class NoRoom(Exception):
    """There are too many large bodies at once."""


async def delivered(request: Request, webhook: Webhook) -> tuple[Response, str]:
    """The answer to a delivery, and the word by which it is counted."""
    began = time.time_ns()
    try:
        body = await whole(request, webhook.room)
    except TooLarge:
        return said(413, "too large"), "too large"
    except TimeoutError:
        return said(408, "the body did not come to its end"), "slow"
    except ClientDisconnect:
        return said(400, "the body did not come to its end"), "malformed"
    except NoRoom:
        return said(503, "too many large deliveries; send it again"), "not kept"
    header = request.headers.get("x-hub-signature-256", "")
    if not is_signed(body, header, webhook.secrets):
        webhook.log("refused", why="the signature is not ours")
        return said(401, "the signature is not ours"), "unsigned"
    event = request.headers.get("x-github-event", "")
    delivery = request.headers.get("x-github-delivery", "")
    if not DELIVERY.fullmatch(delivery):
        return said(400, "X-GitHub-Delivery is no id"), "malformed"
    try:
        jobs = read(event, body, webhook.me)
    except NotUnderstood as error:
        return said(400, str(error)), "malformed"
    if isinstance(jobs, Nothing):
        webhook.log(
            "ignored",
            delivery=delivery,
            github_event=event,
            installation=jobs.installation,
            repository=jobs.repository,
            why=jobs.why,
        )
        return said(202, jobs.why), "ignored"
    return await asked(delivery, event, jobs, began, webhook)


async def asked(
    delivery: str, event: str, jobs: Sequence[Job], began: int, webhook: Webhook
) -> tuple[Response, str]:
    """The answer to a delivery of jobs, which came at `began` (ns since 1970)."""
    about: dict[str, str | int] = {
        "github_event": event,
        "installation": jobs[0].installation if jobs else 0,
        "repository": jobs[0].repository if len(jobs) == 1 else "",
    }
    try:
        # Where the database is away, this may wait; GitHub does not.
        with fail_after(PATIENCE):
            await shield(wrap_future(webhook.put(delivery, jobs)))
    except Exception as error:  # not kept: GitHub must hear of it, to send it again
        why = type(error).__name__
        webhook.log("not kept", delivery=delivery, error=why, **about)
        return said(503, "the delivery cannot be kept now; send it again"), "not kept"
    traces.came(delivery, began, **about)
    for job in jobs:
        queued(webhook.log, delivery, event, job)
    return said(202, f"{len(jobs)} queued"), "queued"


def queued(log: Log, delivery: str, event: str, job: Job) -> None:
    log(
        "queued",
        delivery=delivery,
        github_event=event,
        installation=job.installation,
        repository=job.repository,
        job=type(job).__name__.lower(),
    )


async def whole(request: Request, room: Room) -> bytes:
    """The body, as long as it is neither too large nor too slow.

    Raises TooLarge, NoRoom, TimeoutError and ClientDisconnect.
    """
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > LARGEST:
        raise TooLarge
    body, taken = bytearray(), 0
    try:
        with fail_after(COMING):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise TooLarge
                if len(body) > SMALL:
                    more = len(body) - taken
                    taken, room.taken = len(body), room.taken + more
                    if room.taken > ROOM:
                        raise NoRoom
    finally:
        room.taken -= taken
    return bytes(body)


def said(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status)
