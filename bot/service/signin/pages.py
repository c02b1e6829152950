"""The pages of sign-in: `/login`, to GitHub and back, `/logout`."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from anyio import fail_after, to_thread
from jinja2 import ChoiceLoader, Environment, PackageLoader
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from bot.service.pages.layout import environment
from bot.service.signin import keys
from bot.service.signin.door import FIELDS, SESSION, VISIT, csrf, who
from bot.service.signin.given import SignIn
from bot.service.signin.oauth import Away, Refused
from bot.service.signin.sessions import LONGEST
from bot.service.signin.site import local

VISITS = 900  # seconds for signing in
SIGNING_IN = 30.0  # seconds that GitHub has for it
ADMIN = "admin"  # who signed in with the admin token
Page = Callable[[Request], Awaitable[Response]]
DENIED = {"access_denied": "At GitHub you did not allow it."}


@dataclass(frozen=True, slots=True)
class Pages:
    """The handlers."""

    signin: SignIn
    templates: Environment

    async def login(self, request: Request) -> Response:
        if request.method == "POST":
            return await self.with_token(request)
        after = local(request.query_params.get("next", "/"))
        if who(request):
            return to(after)
        return self.form(request, after)

    def form(
        self, request: Request, after: str, problem: str = "", status: int = 200
    ) -> Response:
        """The ways to sign in. The visit that it begins is this browser's alone."""
        site = self.signin.ways.site
        found = request.cookies.get(site.cookie(VISIT), "")
        visit = found if keys.is_one(found) else keys.new()
        response = self.page(
            "login.html",
            status,
            after=after,
            problem=problem,
            csrf=csrf(visit),
            github=self.signin.ways.oauth is not None,
            token=bool(self.signin.ways.admin_token),
        )
        self.keep(response, VISIT, visit, VISITS)
        return response

    async def with_token(self, request: Request) -> Response:
        """The form with the admin token came."""
        fields, now = request.scope[FIELDS], self.signin.clock()
        after = local(fields.get("next", "/"))
        address = request.client.host if request.client else ""
        wait = self.signin.attempts.wait(address, now)
        if wait > 0:
            problem = f"Too many wrong tokens: try again in {int(wait) + 1} s."
            response = self.form(request, after, problem, 429)
            response.headers["Retry-After"] = str(int(wait) + 1)
            return response
        expected = self.signin.ways.admin_token
        if not expected or not keys.same(fields.get("token", ""), expected):
            self.signin.attempts.failed(address, now)
            self.signin.log("wrong admin token", address=address)
            return self.form(request, after, "This is not the token.", 403)
        return await self.begun(request, after, ADMIN, None, None, LONGEST)

    async def to_github(self, request: Request) -> Response:
        ways = self.signin.ways
        if ways.oauth is None:
            return self.message(404, "There is no sign-in with GitHub here.")
        after = local(request.query_params.get("next", "/"))
        found = request.cookies.get(ways.site.cookie(VISIT), "")
        visit = found if keys.is_one(found) else keys.new()
        once = keys.new()
        state = f"{once}.{proof(visit, once, after)}.{keys.unpadded(after.encode())}"
        verifier = keys.text(visit, "verifier", once)
        address = ways.oauth.address(self.back(request), state, verifier)
        response = to(address)
        self.keep(response, VISIT, visit, VISITS)
        return response

    async def from_github(self, request: Request) -> Response:
        """The browser comes back, with a code if all is well."""
        oauth, asked = self.signin.ways.oauth, request.query_params
        if oauth is None:
            return self.message(404, "There is no sign-in with GitHub here.")
        visit = request.cookies.get(self.signin.ways.site.cookie(VISIT), "")
        state = understood(visit, asked.get("state", ""))
        if state is None:
            return self.message(400, "This sign-in was not begun here, or is over.")
        once, after = state
        if error := asked.get("error"):
            reason = DENIED.get(error, "GitHub refused it.")
            return self.message(403, reason)
        code, back = asked.get("code", ""), self.back(request)

        def told() -> tuple[str, frozenset[str], str, float | None]:
            token = oauth.token(code, back, keys.text(visit, "verifier", once))
            login = oauth.login(token.text)
            return login, oauth.readable(token.text), token.text, token.lasts

        try:
            with fail_after(SIGNING_IN):
                login, names, token, lasts = await to_thread.run_sync(
                    told, abandon_on_cancel=True
                )
        except Refused:
            return self.message(403, "GitHub does not know this sign-in any more.")
        except (Away, TimeoutError) as error:
            self.signin.log("sign-in: no answer of GitHub's", why=str(error))
            return self.message(502, "GitHub does not answer as it should.")
        return await self.begun(request, after, login, names, token, lasts or LONGEST)

    async def begun(
        self,
        request: Request,
        after: str,
        login: str,
        names: frozenset[str] | None,
        token: str | None,
        lasts: float,
    ) -> Response:
        """Signed in: under a new secret, whatever the browser had before."""
        sessions, now = self.signin.sessions, self.signin.clock()
        cookie = self.signin.ways.site.cookie(SESSION)
        before = request.cookies.get(cookie, "")

        def changed() -> str:
            sessions.end(before)
            return sessions.begin(login, names, token, now, lasts)

        secret = await to_thread.run_sync(changed)
        self.signin.log("signed in", login=login)
        response = to(after)
        self.keep(response, SESSION, secret, int(min(lasts, LONGEST)))
        self.keep(response, VISIT, "", 0)
        return response

    async def logout(self, request: Request) -> Response:
        cookie = self.signin.ways.site.cookie(SESSION)
        secret = request.cookies.get(cookie, "")
        await to_thread.run_sync(self.signin.sessions.end, secret)
        response = to("/login")
        self.keep(response, SESSION, "", 0)
        return response

    def back(self, request: Request) -> str:
        return f"{self.signin.ways.site.origin(request)}/login/callback"

    def keep(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Set a cookie that scripts cannot read and other sites do not send."""
        site = self.signin.ways.site
        response.set_cookie(
            site.cookie(name),
            value,
            max_age=seconds,
            path="/",
            secure=site.secure,
            httponly=True,
            samesite="lax",
        )

    def message(self, status: int, text: str) -> Response:
        return self.page("message.html", status, text=text)

    def page(self, name: str, status: int, **values: object) -> Response:
        text = self.templates.get_template(name).render(values, viewer=None)
        return HTMLResponse(text, status)


def routes(signin: SignIn) -> list[Route]:
    ours = (PackageLoader("bot.service.signin"), PackageLoader("bot.service.pages"))
    found = environment().overlay(loader=ChoiceLoader(ours))
    pages = Pages(signin, found)
    return [
        Route("/login", guarded(pages.login), methods=["GET", "POST"]),
        Route("/login/github", guarded(pages.to_github), methods=["GET"]),
        Route("/login/callback", guarded(pages.from_github), methods=["GET"]),
        Route("/logout", guarded(pages.logout), methods=["POST"]),
    ]


def guarded(page: Page) -> Page:
    async def answer(request: Request) -> Response:
        try:
            return await page(request)
        except SQLAlchemyError:
            return PlainTextResponse("the database does not answer\n", 503)

    return answer


def to(address: str) -> Response:
    return RedirectResponse(address, 303)


def proof(visit: str, once: str, after: str) -> str:
    """That this browser began a sign-in, and where it goes to then."""
    return keys.text(visit, "state", once, after)


def understood(visit: str, state: str) -> tuple[str, str] | None:
    """What is in a state, None where it is not one of this visit's."""
    once, _, rest = state.partition(".")
    given, _, packed = rest.partition(".")
    if not keys.is_one(visit) or not keys.is_one(once):
        return None
    try:
        after = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return None
    if not keys.same(given, proof(visit, once, after)):
        return None
    return once, local(after)
