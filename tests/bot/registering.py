"""GitHub's pages on which an App is registered from a manifest, which the emulator has
not. What they answer to the API is checked against GitHub's own description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import make_server

from bot.apps import App
from tests.bot.remote import Quiet, Server, threaded

TIME = "2026-11-24T01:00:00Z"
Given = Callable[[Mapping[str, Any]], None]


@dataclass
class Registry:
    """Registers `app` by any name; `made` is told the manifest and the answer."""

    app: App
    openapi: Any
    made: Given = lambda found: None
    owner: str = "codemod"
    codes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        here = f"http://{environ['HTTP_HOST']}"
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        match [method, *path.strip("/").split("/")]:
            case ["POST", *_, "settings", "apps", "new"]:
                state = parse_qs(environ["QUERY_STRING"])["state"][0]
                return self.page(path, body, state, start)
            case ["POST", "confirmed"]:
                return self.confirmed(parse_qs(body.decode()), start)
            case ["POST", "app-manifests", code, "conversions"]:
                return self.converted(code, here, start)
        start("404 Not Found", [("Content-Type", "application/json")])
        return [b'{"message": "Not Found"}']

    def page(self, path: str, body: bytes, state: str, start: Any) -> list[bytes]:
        manifest = parse_qs(body.decode())["manifest"][0]
        self.asked.append((path, json.loads(manifest)))
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        hidden = "".join(
            f'<input type=hidden name={name} value="{escape(value)}">'
            for name, value in (("manifest", manifest), ("state", state))
        )
        page = (
            "<!doctype html><html lang=en><title>Create GitHub App</title>"
            f"<h1>Create GitHub App</h1><form method=post action=/confirmed>{hidden}"
            "<button>Create GitHub App for codemod</button></form>"
        )
        return [page.encode()]

    def confirmed(self, form: Mapping[str, list[str]], start: Any) -> list[bytes]:
        manifest = json.loads(form["manifest"][0])
        code = token_hex(20)
        self.codes[code] = manifest
        query = urlencode({"code": code, "state": form["state"][0]})
        start("302 Found", [("Location", f"{manifest['redirect_url']}?{query}")])
        return []

    def converted(self, code: str, here: str, start: Any) -> list[bytes]:
        from openapi_core.testing import MockRequest, MockResponse

        manifest = self.codes.pop(code, None)
        found = self.answer(manifest, here) if manifest else NOT_FOUND
        status, data = 201 if manifest else 404, json.dumps(found).encode()
        path = f"/app-manifests/{code}/conversions"
        request = MockRequest("https://api.github.com", "post", path)
        self.check(lambda: self.openapi.validate_request(request))
        response = MockResponse(data, status, content_type="application/json")
        self.check(lambda: self.openapi.validate_response(request, response))
        if manifest:
            self.made({**manifest, **found})
        start(f"{status} -", [("Content-Type", "application/json")])
        return [data]

    def answer(self, manifest: Mapping[str, Any], here: str) -> dict[str, Any]:
        slug = manifest["name"].lower().replace(" ", "-")
        return {
            "id": self.app.id,
            "slug": slug,
            "node_id": "A_1",
            "owner": user(self.owner, here),
            "name": manifest["name"],
            "description": manifest["description"],
            "external_url": manifest["url"],
            "html_url": f"{here}/apps/{slug}",
            "created_at": TIME,
            "updated_at": TIME,
            "permissions": manifest["default_permissions"],
            "events": manifest["default_events"],
            "client_id": "Iv1.8a61f9b3a7aba766",
            "client_secret": token_hex(20),
            "webhook_secret": token_hex(20),
            "pem": self.app.key,
        }

    def check(self, validate: Callable[[], object]) -> None:
        try:
            validate()
        except Exception as error:
            self.problems.append(f"{error!r} {error.__cause__!r}")


NOT_FOUND = {"message": "Not Found", "documentation_url": "https://docs.github.com"}


def user(login: str, here: str) -> dict[str, Any]:
    api = f"{here}/users/{login}"
    lists = ("followers", "subscriptions", "repos", "received_events")
    # These have words in braces, which are no part of the address.
    more = ("following", "gists", "starred", "organizations", "events")
    return {
        "login": login,
        "id": 1,
        "node_id": "U_1",
        "avatar_url": f"{api}.png",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{here}/{login}",
        **{f"{name}_url": f"{api}/{name}" for name in (*lists, *more)},
        "type": "User",
        "site_admin": False,
    }


@contextmanager
def registering(registry: Registry) -> Iterator[str]:
    with threaded(make_server("127.0.0.1", 0, registry, Server, Quiet)) as url:
        yield url
    assert registry.problems == []
