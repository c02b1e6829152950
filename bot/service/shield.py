"""What holds for every answer: its headers, no odd paths, no word about our insides."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST = 2_000  # bytes of a path; and of a query
YEAR = 31_536_000  # seconds
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: with that a browser says "Origin: null" for our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
SEGMENTS = re.compile(r"/(?:[^/\\\x00-\x1f\x7f]+/)*[^/\\\x00-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class Shield:
    """Middleware, around all else. `https` is whether browsers come over TLS."""

    app: ASGIApp
    https: bool
    log: Callable[..., object]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # nothing here speaks WebSocket
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self.harden(MutableHeaders(scope=message))
            await send(message)

        status = refused(scope)
        if status:
            answer = PlainTextResponse(
                {404: "Not Found", 414: "Too Long"}[status], status
            )
            await answer(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:
            where = traceback.format_tb(error.__traceback__)
            self.log("error", error=type(error).__name__, path=scope["path"], at=where)
            if not begun:
                answer = PlainTextResponse("Internal Server Error", 500)
                await answer(scope, receive, guarded)

    def harden(self, headers: MutableHeaders) -> None:
        for name, text in HEADERS.items():
            headers[name] = text
        headers.setdefault("Cache-Control", "no-store")
        if self.https:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}"


def refused(scope: Scope) -> int:
    """The status for an address that no link of ours has; 0 for all others."""
    raw: bytes = scope.get("raw_path") or b""
    if len(raw) > LONGEST or len(scope["query_string"]) > LONGEST * 2:
        return 414
    return 0 if plain(raw) else 404


def plain(raw: bytes) -> bool:
    """Whether a path means the same to whoever reads it."""
    try:
        path = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    hidden = b"%2f" in raw.lower() or b"%5c" in raw.lower()
    segments: Sequence[str] = path.split("/")
    dots = "." in segments or ".." in segments
    return not hidden and not dots and SEGMENTS.fullmatch(path) is not None
