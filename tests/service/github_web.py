"""GitHub as browsers and sign-in see it: the emulator, and what it lacks.

The emulator has the pages and the exchange of OAuth. It has no PKCE, does not compare
the redirect address of an exchange, and does not know what of an installation a person
may read. The latter's answers are checked against GitHub's own OpenAPI description.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from wsgiref.simple_server import make_server

from github import Auth

from bot.apps import App
from tests.bot.emulated import emulator
from tests.bot.remote import Quiet, Server

CLIENT, CLIENT_SECRET = "Iv1.1234567890abcdef", "a secret of the App's at GitHub"
READABLE = {"ann": ["acme/data", "acme/secret"], "bob": ["acme/data"]}
PASSED = ("HTTP_ACCEPT", "HTTP_AUTHORIZATION", "HTTP_COOKIE", "CONTENT_TYPE")


@dataclass(frozen=True)
class Said:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    after: float = 0.0  # seconds


@dataclass
class GitHubWeb:
    """The stand-in.

    `readable` is who may read what; `faults` what is answered instead, by path, until
    it is taken out; `suspended` since when the installation is; `revoked` the logins
    whose tokens are no longer good; `begun` and `codes` what was asked for by state,
    and by code. `sample` is a repository that the emulator has, by which it answers for
    all.
    """

    emulator: str
    openapi: Any
    app: App
    readable: dict[str, list[str]] = field(default_factory=dict)
    sample: str = "acme/data"
    suspended: str | None = None
    revoked: set[str] = field(default_factory=set)
    faults: dict[str, Said] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    begun: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        said = self.faults.get(environ["PATH_INFO"]) or self.answer(environ, body)
        time.sleep(said.after)
        start(f"{said.status} -", list(said.headers))
        return [said.body]

    def answer(self, environ: dict[str, Any], body: bytes) -> Said:
        path, query = environ["PATH_INFO"], dict(parse_qsl(environ["QUERY_STRING"]))
        if path == "/login/oauth/authorize":
            self.begun[query["state"]] = query
        if path == "/login/oauth/access_token":
            return self.exchange(environ, body)
        if path.startswith("/user"):
            return self.personal(environ, path, query)
        said = self.forward(environ, body)
        if path == "/login/oauth/callback":  # the emulator's, of its own form
            (there,) = (text for name, text in said.headers if name == "location")
            back = parse_qs(urlsplit(there).query)
            self.codes[back["code"][0]] = self.begun.pop(back["state"][0])
        return said

    def exchange(self, environ: dict[str, Any], body: bytes) -> Said:
        given = dict(parse_qsl(body.decode()))
        asked = self.codes.pop(given["code"], None)
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or (asked["redirect_uri"], asked["code_challenge"]) != (
            given["redirect_uri"],
            challenge,
        ):
            return told(200, {"error": "bad_verification_code"})
        said = self.forward(environ, body)
        self.tokens.append(json.loads(said.body).get("access_token", ""))
        return said

    def personal(
        self, environ: dict[str, Any], path: str, query: dict[str, str]
    ) -> Said:
        """What a person's token is for."""
        user = self.forward({**environ, "PATH_INFO": "/user", "QUERY_STRING": ""}, b"")
        login = json.loads(user.body).get("login") if user.status == 200 else None
        if login is None or login in self.revoked:
            return told(401, {"message": "Bad credentials", "status": "401"})
        if path == "/user":
            return user
        if path == "/user/installations":
            place = self.installation()
            return self.checked(path, {"total_count": 1, "installations": [place]})
        names = self.readable.get(login, [])
        size, page = int(query["per_page"]), int(query["page"])
        shown = [self.repository(n) for n in names[size * (page - 1) : size * page]]
        return self.checked(path, {"total_count": len(names), "repositories": shown})

    def installation(self) -> Any:
        """As the emulator has it, with what it leaves out."""
        (found,) = self.as_app("/app/installations")
        account = self.get(f"/users/{self.sample.partition('/')[0]}")
        more = {"target_id": account["id"], "suspended_at": self.suspended}
        return {**found, "account": account, **more}

    def repository(self, name: str) -> Any:
        """As the emulator has the sample, under any name."""
        found = self.get(f"/repos/{self.sample}")
        return {**found, "full_name": name, "name": name.partition("/")[2]}

    def checked(self, path: str, answer: dict[str, Any]) -> Said:
        from openapi_core.testing import MockRequest, MockResponse

        data = json.dumps(answer).encode()
        asked = MockRequest("https://api.github.com", "get", path)
        given = MockResponse(data, 200, content_type="application/json")
        try:
            self.openapi.validate_response(asked, given)
        except Exception as error:
            self.problems.append(f"{path}: {error!r} {error.__cause__!r}")
        return told(200, answer)

    def as_app(self, path: str) -> Any:
        token = Auth.AppAuth(self.app.id, self.app.key).create_jwt()
        return self.get(path, f"Bearer {token}")

    def get(self, path: str, who: str = "") -> Any:
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": ""}
        return json.loads(self.forward({**asked, "HTTP_AUTHORIZATION": who}, b"").body)

    def forward(self, environ: dict[str, Any], body: bytes) -> Said:
        """As the emulator has it; redirects are the browser's to follow."""
        there = http.client.HTTPConnection(urlsplit(self.emulator).netloc, timeout=30)
        names = {each.removeprefix("HTTP_").replace("_", "-"): each for each in PASSED}
        headers = {
            name: environ[key] for name, key in names.items() if environ.get(key)
        }
        url = environ["PATH_INFO"] + (f"?{q}" if (q := environ["QUERY_STRING"]) else "")
        try:
            there.request(environ["REQUEST_METHOD"], url, body or None, headers)
            found = there.getresponse()
            kept = ("content-type", "location", "set-cookie")
            passed = tuple((n.lower(), v) for n, v in found.getheaders())
            shown = tuple(pair for pair in passed if pair[0] in kept)
            return Said(found.status, found.read(), shown)
        finally:
            there.close()

    def code_for(self, address: str, login: str) -> str:
        """Where a browser ends up that allows what an address asks for."""
        url = urlsplit(address)
        asked = dict(parse_qsl(url.query))
        self.begun[asked["state"]] = asked
        form = urlencode({"login": login, **asked}).encode()
        kind = "application/x-www-form-urlencoded"
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/login/oauth/callback"}
        said = self.answer({**environ, "QUERY_STRING": "", "CONTENT_TYPE": kind}, form)
        return dict(said.headers)["location"]


def told(status: int, answer: Any) -> Said:
    kind = ("Content-Type", "application/json; charset=utf-8")
    return Said(status, json.dumps(answer).encode(), (kind,))


@contextmanager
def github_web(
    cache: Path, openapi: Any, app: App, back: str
) -> Iterator[tuple[GitHubWeb, str]]:
    """The stand-in and its URL; `back` is the redirect address that is registered."""
    place = {"installation_id": 100, "account": "acme", "permissions": {}}
    seed = {"app_id": app.id, "slug": "codemod-app", "name": "codemod"}
    registered = {"client_id": CLIENT, "client_secret": CLIENT_SECRET}
    with emulator(
        cache,
        {**seed, "private_key": app.key, "installations": [place]},
        users=[{"login": login} for login in ("acme", "ann", "bob")],
        repos=[{"owner": "acme", "name": "data", "auto_init": False}],
        oauth_apps=[{**registered, "name": "codemod", "redirect_uris": [back]}],
    ) as there:
        web = GitHubWeb(there, openapi, app, dict(READABLE))
        server = make_server("127.0.0.1", 0, web, Server, Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield web, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
    assert web.problems == [], web.problems[0][:1500]
