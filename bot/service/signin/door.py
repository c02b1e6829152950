"""Who asks: the session of a request, and whether a form is one of ours.

Everything but deliveries and monitoring comes through here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from anyio import CapacityLimiter, fail_after, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service.signin import keys
from bot.service.signin.given import SignIn
from bot.service.signin.oauth import Away, Refused
from bot.service.signin.sessions import Session
from bot.service.viewers import Viewer

OPEN = ("/webhook", "/healthz", "/readyz", "/metrics", "/openapi.json")
STATIC = "/static/"
FRESH = 300.0  # seconds that a list of repositories is good for
STALE = 3600.0  # seconds that it is used for while GitHub does not answer
LARGEST = 65_536  # bytes of a form
KNOWING = 15.0  # seconds until it is known who asks; GitHub may be asked for that
THREADS = 20
PATIENCE = 10.0  # seconds for a form to come
FORM = "application/x-www-form-urlencoded"
SESSION, VISIT = "codemod", "codemod-visit"
# In the scope of a request: who asks, and what they filled in.
VIEWER, FIELDS = "codemod.viewer", "codemod.fields"


class Foreign(Exception):
    """A form that is not ours, or not this visitor's; the message says why."""


def who(connection: HTTPConnection) -> Viewer | None:
    found = connection.scope.get(VIEWER)
    return found if isinstance(found, Viewer) else None


@dataclass(frozen=True, slots=True)
class Door:
    """Middleware."""

    app: ASGIApp
    signin: SignIn
    # Of its own: whoever waits for GitHub keeps nothing else waiting.
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(THREADS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path in OPEN or path.startswith(STATIC) or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            with fail_after(KNOWING):
                session = await to_thread.run_sync(
                    self.session, request, abandon_on_cancel=True, limiter=self.limiter
                )
            scope[VIEWER] = viewer(self.signin, session) if session else None
            if request.method == "POST":  # nothing else changes anything
                body = await self.form(request, session)
                receive = again(body, receive)
        except Foreign as error:
            answer = PlainTextResponse(f"{error}\n", 403)
            await answer(scope, receive, send)
        except TimeoutError:  # what comes of it is there for the next request
            answer = PlainTextResponse("GitHub is slow: load the page again\n", 503)
            await answer(scope, receive, send)
        except SQLAlchemyError:
            answer = PlainTextResponse("the database does not answer\n", 503)
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def session(self, request: Request) -> Session | None:
        """The session of the cookie, with what GitHub says they may read by now."""
        secret = request.cookies.get(self.signin.ways.site.cookie(SESSION), "")
        now = self.signin.clock()
        found = self.signin.sessions.find(secret, now)
        if found is None or found.repositories is None:
            return found
        if found.asked < now - FRESH and self.signin.sessions.may_ask(found, now):
            return self.renewed(found, now)
        return found if found.listed > now - STALE else None

    def renewed(self, session: Session, now: float) -> Session | None:
        oauth, sessions = self.signin.ways.oauth, self.signin.sessions
        if oauth is None or session.token is None:
            sessions.end(session.secret)
            return None
        try:
            names = oauth.readable(session.token)
        except Refused:
            self.signin.log("signed out by GitHub", login=session.login)
            sessions.end(session.secret)
            return None
        except Away as error:
            self.signin.log("no list from GitHub", why=str(error))
            return session if session.listed > now - STALE else None
        sessions.relist(session, names, now)
        return sessions.find(session.secret, now)

    async def form(self, request: Request, session: Session | None) -> bytes:
        """The body of our form, whose fields go into the scope. Raises Foreign."""
        site = self.signin.ways.site
        said = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin", site.origins[0])
        if said != "same-origin" or origin not in site.origins:
            raise Foreign("this form was sent by another site")
        if request.headers.get("content-type", "").partition(";")[0] != FORM:
            raise Foreign("this is no form of ours")
        body = await whole(request)
        try:
            found = parse_qs(body.decode(), max_num_fields=20, errors="strict")
        except ValueError as error:
            raise Foreign("this is no form of ours") from error
        fields = {name: values[0] for name, values in found.items()}
        visit = request.cookies.get(site.cookie(VISIT), "")
        secret = session.secret if session else visit
        if not keys.is_one(secret):
            raise Foreign("this form is too old: load the page again")
        if not keys.same(fields.get("csrf", ""), csrf(secret)):
            raise Foreign("this form is too old: load the page again")
        request.scope[FIELDS] = fields
        return body


def viewer(signin: SignIn, session: Session) -> Viewer:
    """With the admin token one sees all."""
    admin = session.repositories is None or session.login.lower() in signin.ways.admins
    return Viewer(session.login, session.repositories, admin, csrf(session.secret))


def csrf(secret: str) -> str:
    return keys.text(secret, "csrf")


async def whole(request: Request) -> bytes:
    body = bytearray()
    try:
        with fail_after(PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise Foreign("this is no form of ours")
    except (TimeoutError, ClientDisconnect) as error:
        raise Foreign("the form did not come to its end") from error
    return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body that was read already."""
    pending: list[Message] = [{"type": "http.request", "body": body}]

    async def given() -> Message:
        return pending.pop() if pending else await receive()

    return given
