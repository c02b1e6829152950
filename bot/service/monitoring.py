"""What monitoring asks: whether the service lives, whether it is ready, its numbers."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def routes(
    trouble: Callable[[], str], numbers: CollectorRegistry, token: str = ""
) -> list[Route]:
    """With a token the numbers are for who knows it."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(request: Request) -> Response:
        found = await run_in_threadpool(trouble)
        return PlainTextResponse(f"{found or 'ready'}\n", 503 if found else 200)

    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if token and not compare_digest(given.encode(), f"Bearer {token}".encode()):
            asked = {"WWW-Authenticate": "Bearer"}
            return PlainTextResponse("a token is needed\n", 401, asked)
        return Response(generate_latest(numbers), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
