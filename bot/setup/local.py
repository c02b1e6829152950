"""The page on this machine from which the browser goes to GitHub and comes back."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlsplit

from bot.ports import Trouble
from bot.setup.manifest import Registration

BACK = "/registered"
STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;"
    "padding:0 1rem;color-scheme:light dark}button{font:inherit;padding:.5em 1em}"
)
HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{HASH}'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Page:
    """The page. `take` is given the code that GitHub sends; it raises Trouble.

    `taken` is set once that went well, `told` once the browser knows.
    """

    registration: Registration
    take: Callable[[str], None]
    taken: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)
    state: str = field(default_factory=lambda: token_urlsafe(32), repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, here: str) -> tuple[HTTPStatus, str]:
        """The status and the body for a path, on the page at the address `here`."""
        parts = urlsplit(path)
        match parts.path:
            case "/":
                return HTTPStatus.OK, self.start(here)
            case "/registered":
                given = parse_qs(parts.query)
                return self.back(
                    given.get("code", [""])[0], given.get("state", [""])[0]
                )
        return HTTPStatus.NOT_FOUND, shown("There is nothing here", "")

    def start(self, here: str) -> str:
        asked = self.registration
        manifest = escape(json.dumps(asked.manifest(here + BACK)))
        rights = asked.manifest("")["default_permissions"]
        listed = "".join(f"<li>{escape(k)}: {escape(v)}" for k, v in rights.items())
        where = asked.organization or "your account"
        return shown(
            "Register a GitHub App",
            f"<p>{escape(asked.web)} will ask you to confirm an App "
            f"<b>{escape(asked.name)}</b> of {escape(where)}, whose service is at "
            f"{escape(asked.url)}. It may use:<ul>{listed}</ul>"
            f"<form method=post action='{escape(asked.form(self.state))}'>"
            f"<input type=hidden name=manifest value='{manifest}'>"
            "<button>Go to GitHub</button></form>",
        )

    def back(self, code: str, state: str) -> tuple[HTTPStatus, str]:
        if not compare_digest(state.encode(), self.state.encode()):
            return HTTPStatus.FORBIDDEN, shown(
                "This is not the answer to what was asked",
                "<p>Nothing was written. <a href='/'>Start again</a>.",
            )
        with self.lock:  # the code is good for once
            if self.taken.is_set():
                return HTTPStatus.OK, shown("The App is registered", CLOSE)
            try:
                self.take(code)
            except Trouble as error:
                why = f"<p>{escape(str(error))}<p>{AGAIN}"
                return HTTPStatus.BAD_GATEWAY, shown(
                    "The App has no credentials yet", why
                )
            self.taken.set()
        return HTTPStatus.OK, shown("The App is registered", CLOSE)


CLOSE = "<p>You may close this page: the terminal says what is next."
AGAIN = (
    "Load this page once more, or <a href='/'>start again</a>; an App that was made "
    "and is not used is deleted in GitHub's settings."
)


def shown(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f"<title>{escape(title)}</title>"
        "<meta name=viewport content='width=device-width'>"
        f"<style>{STYLE}</style><main><h1>{escape(title)}</h1>{body}</main>"
    )


@contextmanager
def serving(page: Page, port: int) -> Iterator[str]:
    """The page's address; only this machine reaches it. Raises Trouble."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = HTTPStatus.FORBIDDEN, shown("Not under this name", "")
            # A name of somebody else's may lead here: DNS rebinding.
            if self.headers.get("Host") == here.removeprefix("http://"):
                status, body = page.answer(self.path, here)
            self.send_response(status)
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())
            if page.taken.is_set():
                page.told.set()

        def log_message(self, format: str, *args: object) -> None:
            """The code is in the path: it is not logged."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise Trouble(f"port {port}: {error.strerror}") from error
    here = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
