"""The running service against its own description, by schemathesis: with and without
sign-in, deliveries signed, so that what is behind the signature is reached."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from schemathesis import Case, GenerationMode, checks
from schemathesis.core.result import Ok
from starlette.routing import Route

from bot.service import listing
from bot.service.ledger import Ledger
from bot.service.pages import routes
from bot.service.signin import SignIn, Ways, asked_for, who
from bot.service.signin.keys import text as text_of
from bot.service.signin.sessions import Sessions
from bot.service.web import application
from bot.service.webhook import Webhook
from tests.service.doors import ADMIN_TOKEN, Place
from tests.service.processes import ROOT, SECRET, Service, serving

FILE = ROOT / "bot" / "service" / "openapi.json"
DESCRIBED = schemathesis.openapi.from_dict(json.loads(FILE.read_text()))
OPERATIONS = {
    found.ok().label: found.ok()
    for found in DESCRIBED.get_all_operations()
    if isinstance(found, Ok)
}
# A word in a path, which is any text, cannot be invalid.
TRIED = [
    (label, mode)
    for label, each in sorted(OPERATIONS.items())
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or each.body or each.query or each.headers
]
CASES = 12  # of each operation, of valid and of invalid ones, signed in and not
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# What any client may add; browsers and proxies do.
ADDED = """Origin Referer Forwarded X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto
X-Original-URL Accept Range If-None-Match Content-Language"""
VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=126), max_size=30
) | st.sampled_from(["null", "https://evil.example", "https", "bytes=0-", "127.0.0.1"])
HOSTS = st.sampled_from(["evil.example", "127.0.0.1:1", "x:y:z", "a..b", "A" * 300])
HEADERS = st.fixed_dictionaries(
    {}, optional={"Host": HOSTS, **dict.fromkeys(ADDED.split(), VALUES)}
)
ADDRESS = re.compile(r"/static/.*")
FIELD = re.compile(r'name="csrf" value="([^"]+)"')


class Signed(requests.auth.AuthBase):
    """Signs the body as it goes out."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)  # type: ignore[arg-type]
        made = hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
        request.headers["X-Hub-Signature-256"] = f"sha256={made}"
        return request


@dataclass(frozen=True)
class Visitor:
    service: Service
    cookie: str
    csrf: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEMOD_ADMIN_TOKEN", ADMIN_TOKEN)
        with serving(tmp_path_factory.mktemp("openapi"), "--jobs", "1") as service:
            assert service.deliver("acme/data")[0] == 202
            session = requests.Session()
            url = f"http://127.0.0.1:{service.port}/login"
            (csrf,) = FIELD.findall(session.get(url, timeout=30).text)
            form = {"csrf": csrf, "token": ADMIN_TOKEN, "next": "/openapi.json"}
            done = session.post(url, form, allow_redirects=False, timeout=30)
            assert done.status_code == 303
            secret = session.cookies["codemod"]
            assert secret is not None
            mine = text_of(secret, "csrf")
            yield Visitor(service, f"codemod={secret}", mine)
            assert service.process.poll() is None


@pytest.mark.parametrize(("label", "mode"), [*TRIED], ids=lambda part: str(part))
def test_what_is_described_is_what_is_answered(
    label: str, mode: GenerationMode, visitor: Visitor
) -> None:
    @settings(
        max_examples=CASES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(OPERATIONS[label].as_strategy(generation_mode=mode), st.booleans(), HEADERS)
    def holds(case: Case[Any], known: bool, headers: dict[str, str]) -> None:
        sent(case, visitor, known, headers)

    holds()


def sent(
    case: Case[Any], visitor: Visitor, known: bool, headers: dict[str, str]
) -> None:
    """As somebody who is known, or not; a form of theirs has what makes it theirs."""
    signed = Signed() if known and case.path == "/webhook" else None
    cookie = {"Cookie": visitor.cookie} if known else {}
    if known and isinstance(case.body, dict) and "csrf" in case.body:
        case.body["csrf"] = visitor.csrf
    case.call_and_validate(
        base_url=visitor.url,
        checks=CHECKS,
        headers={**headers, **cookie},
        auth=signed,
        allow_redirects=False,
        timeout=10,
    )


def test_all_addresses_are_described(tmp_path: Path) -> None:
    there = Ledger(f"sqlite:///{tmp_path / 'x.sqlite'}")
    ways = asked_for({"CODEMOD_ADMIN_TOKEN": ADMIN_TOKEN}, "", "127.0.0.1", 1, "")
    assert isinstance(ways, Ways)
    sign_in = SignIn(ways, Sessions(there.engine, ways.secret), float, print)
    hook = Webhook([SECRET], "", Place("", None).put, str, print)
    pages = routes(there, who, "https://github.com", listing)
    app = application(hook, CollectorRegistry(), sign_in, pages)
    found = {
        (ADDRESS.sub("/static/{name}", route.path.replace(":int}", "}")), method)
        for route in app.app.app.routes  # type: ignore[attr-defined]
        if isinstance(route, Route)
        for method in route.methods or ()
    }
    described = {
        (path, method.upper())
        for path, methods in json.loads(FILE.read_text())["paths"].items()
        for method in methods
    }
    assert {each for each in found if each[1] != "HEAD"} == described
    assert {method for _, method in found} == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_other_methods_are_not_allowed(method: str, visitor: Visitor) -> None:
    for path in ("/webhook", "/healthz", "/login", "/logout", "/openapi.json"):
        answer = requests.request(method, visitor.url + path, timeout=10)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) <= {"GET", "HEAD", "POST"}


def test_head_is_get_without_a_body(visitor: Visitor) -> None:
    for path in ("/healthz", "/login", "/openapi.json"):
        answer = requests.head(visitor.url + path, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"")
