"""Who may come in: nothing is shown to who is not signed in, and what one may not see
is as if it were not there."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.service.pages.layout import page
from bot.service.pages.repository import NotThere
from bot.service.viewers import Viewer, Who

FORM = 10_000  # bytes of a form of ours at most
Show = Callable[[Request, Viewer], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def reading(who: Who, path: str, show: Show) -> Route:
    """A page for who is signed in; others are sent to sign in and come back."""

    async def endpoint(request: Request) -> Response:
        viewer = await run_in_threadpool(who, request)
        if viewer is None:
            return RedirectResponse(login(request), 303)
        return await run_in_threadpool(guarded, show, request, viewer)

    return Route(path, endpoint, methods=["GET"])


def posting(who: Who, path: str, act: Show) -> Route:
    """A form of ours, which has the viewer's own `csrf`."""

    async def endpoint(request: Request) -> Response:
        viewer = await run_in_threadpool(who, request)
        if viewer is None:
            return said(401, None, "Sign in first", "You are not signed in any more.")
        if not is_theirs(await body(request), viewer):
            return said(
                403,
                viewer,
                "Not done",
                "This form is too old: go back and load the page again.",
            )
        return await run_in_threadpool(guarded, act, request, viewer)

    return Route(path, endpoint, methods=["POST"])


def guarded(show: Show, request: Request, viewer: Viewer) -> Response:
    try:
        return show(request, viewer)
    except NotThere:
        return not_found(viewer)
    except SQLAlchemyError:
        text = "The database does not answer. Try again in a moment."
        return said(503, viewer, "Not now", text)


def not_found(viewer: Viewer) -> Response:
    text = "There is no such page, or it is not yours to see."
    return said(404, viewer, "Not found", text)


def said(status: int, viewer: Viewer | None, title: str, text: str) -> Response:
    return page("message.html", viewer, status, title=title, text=text)


def login(request: Request) -> str:
    # As it was asked for, so that nothing is decoded twice; and not by `request.url`,
    # which fails for some Host headers.
    path = request.scope.get("raw_path", b"/").decode("latin-1").partition("?")[0]
    query = request.scope["query_string"].decode("latin-1")
    asked = f"{path}?{query}" if query else path
    return f"/login?next={quote(asked, safe='/')}"


async def body(request: Request) -> bytes:
    """The first bytes of the form; a longer one is none of ours."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > FORM:
            return b""
    return bytes(found)


def is_theirs(form: bytes, viewer: Viewer) -> bool:
    (given,) = parse_qs(form.decode("latin-1")).get("csrf", [""])[:1]
    return hmac.compare_digest(given.encode(), viewer.csrf.encode())
