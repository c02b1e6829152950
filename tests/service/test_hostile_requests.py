"""Hostile requests: what is no delivery, no path, no header, or comes for ever."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from bot.service import webhook
from tests.service.doors import ADMIN_TOKEN, Place, place
from tests.service.raw import exchanged, request, signature, status

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HOME: dict[str, Any] = {
    "repository": {"full_name": "acme/data", "default_branch": "main"},
    "installation": {"id": 7},
    "sender": {"login": "ada"},
    "ref": "refs/heads/main",
}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    given = {"CODEMOD_ADMIN_TOKEN": ADMIN_TOKEN}
    with place(tmp_path_factory.mktemp("requests"), given) as found:
        yield found


def delivered(
    there: Place, body: bytes, *more: str, event: str = "push", signed: bool = True
) -> int:
    """The status for a delivery of these bytes."""
    there.jobs.clear()
    who = (f"X-GitHub-Delivery: {uuid4()}", f"X-GitHub-Event: {event}")
    by = (signature(body),) if signed else ()
    asked = request("POST /webhook", *who, *by, *more, body=body)
    return status(exchanged(there.url, asked))


def test_every_answer_has_the_headers(there: Place) -> None:
    for path, code in (
        ("/", 401),
        ("/login", 200),
        ("/healthz", 200),
        ("/nowhere", 404),
        ("/webhook", 405),
        ("/broken", 500),
        (f"/{'x' * 3000}", 414),
        ("/a//b", 404),
    ):
        answer = there.get(path)
        assert answer.status_code == code
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in answer.headers  # no TLS here
        assert "Server" not in answer.headers


def test_behind_tls_cookies_and_answers_say_so(tmp_path: Path) -> None:
    given = {"CODEMOD_ADMIN_TOKEN": ADMIN_TOKEN}
    with place(tmp_path, given, url="https://bot.example.org") as found:
        answer = found.get("/login")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    said = answer.headers["Set-Cookie"]
    assert said.startswith("__Host-codemod-visit=")
    for part in ("; Secure", "; HttpOnly", "; SameSite=lax", "; Path=/"):
        assert part in said
    assert "Domain" not in said


def test_an_error_says_nothing_about_our_insides(there: Place) -> None:
    answer = there.get("/broken")
    assert answer.text == "Internal Server Error"
    assert there.events[-1]["event"] == "error"
    assert there.events[-1]["error"] == "RuntimeError"


def test_without_sign_in_there_are_no_pages(tmp_path: Path) -> None:
    with place(tmp_path, {}) as found:
        for path in ("/", "/login", "/login/github", "/login/callback", "/jobs"):
            assert found.get(path).status_code == 404
        assert requests.post(f"{found.url}/logout", timeout=10).status_code == 404
        assert found.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/etc/passwd",
        "/../etc/passwd",
        "/r/..%2f..%2fetc",
        "/r/acme/./data",
        "//evil.example/",
        "/r//data",
        "/r/acme%2fdata",
        "/r/acme%5cdata",
        "/r\\acme",
        "/healthz%00",
        "/healthz%0d%0aX: y",
        "/%c0%ae%c0%ae/",
        "/%ff",
        "/%",
        "/healthz/",
        "/HEALTHZ",
        "http://evil.example/healthz",
        "*",
    ],
)
def test_paths_that_play_tricks_lead_nowhere(path: str, there: Place) -> None:
    answer = exchanged(there.url, request(f"GET {path}"))
    assert status(answer) in (400, 404)
    assert b"evil.example" not in answer
    assert b"\r\nX: y" not in answer


def test_long_heads_are_refused(there: Place) -> None:
    assert status(exchanged(there.url, request(f"GET /{'x' * 3000}"))) == 414
    assert status(exchanged(there.url, request(f"GET /?{'x' * 5000}"))) == 414
    # Of those that do not come in one piece, the rest is not waited for.
    for line, *headers in (("GET /" + "x" * 70_000,), ("GET /", "A: " + "x" * 70_000)):
        (whole,) = request(line, *headers)
        parts = [whole[:60_000], whole[60_000:]]
        assert status(exchanged(there.url, parts, 0.3)) == 400


@pytest.mark.parametrize(
    "header",
    [
        "X-GitHub-Delivery: a\rb",
        "X GitHub: x",
        "X-A: \0",
        "Transfer-Encoding: x",
        ": x",
    ],
)
def test_heads_that_are_none_are_refused(header: str, there: Place) -> None:
    assert status(exchanged(there.url, request("GET /healthz", header))) in (400, 501)


def test_no_header_comes_from_what_was_given(there: Place) -> None:
    for given in ("/a%0d%0aSet-Cookie: x=y", "/\r\nX: y", "%0d%0a%0d%0a<script>"):
        answer = requests.get(f"{there.url}/login/github", {"next": given}, timeout=10)
        assert "X" not in answer.headers
        assert "x=y" not in answer.headers.get("Set-Cookie", "")


def test_the_signature_is_needed_and_no_other_will_do(there: Place) -> None:
    body = json.dumps(HOME).encode()
    assert delivered(there, body) == 202
    assert len(there.jobs) == 1
    mine = signature(body).partition("=")[2]
    for header in (
        "X-A: b",
        signature(body, "another secret"),
        signature(body + b" "),
        f"X-Hub-Signature: sha1={mine}",
        f"X-Hub-Signature-256: {mine}",
        f"X-Hub-Signature-256: sha256={mine.upper()}",
        "X-Hub-Signature-256: sha256=\xe9",
    ):
        assert delivered(there, body, header, signed=False) == 401
    assert there.jobs == []


DEEP = 100_000
ODD = [
    b"",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"null",
    b'"text"',
    b"[" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"ref": NaN, "installation": {"id": Infinity}}',
    b'{"installation": {"id": 1e400}}',
    b'{"installation": {"id": ' + b"9" * 5_000 + b"}}",
    b'{"ref": "\\ud800", "ref": "\\u0000"}',
    json.dumps({**HOME, "installation": {"id": 10**4000}}).encode(),
    json.dumps({**HOME, "installation": {"id": -1}}).encode(),
    json.dumps({**HOME, "installation": None}).encode(),
    json.dumps({**HOME, "repository": [HOME]}).encode(),
    json.dumps({**HOME, "repository": {"full_name": "a/b\r\nX: y"}}).encode(),
    json.dumps({**HOME, "repository": {"full_name": "\u202eacme/data"}}).encode(),
    json.dumps({**HOME, "repository": {"full_name": "../.."}}).encode(),
    json.dumps({**HOME, "sender": {"login": {"login": "ada"}}}).encode(),
    json.dumps({**HOME, "ref": ["refs/heads/main"]}).encode(),
    b'{"repository": {"full_name": "a/b"}, "repository": {"full_name": 1}}',
]
EVENTS = ("push", "pull_request", "issue_comment", "installation", "repository", "\xe9")


@pytest.mark.parametrize("body", ODD, ids=lambda body: repr(body[:30]))
def test_what_is_signed_and_odd_is_answered_at_once(body: bytes, there: Place) -> None:
    for event in EVENTS:
        began = time.monotonic()
        assert delivered(there, body, event=event) in (202, 400)
        assert time.monotonic() - began < 8
        for _, jobs in there.jobs:
            for job in jobs:
                assert 0 <= job.installation < 2**63
                assert webhook_name(job.repository)


def webhook_name(name: str) -> bool:
    return name.isascii() and name.isprintable() and name.count("/") == 1


@pytest.mark.parametrize(
    "delivery", ["", "a", "../../etc", "x" * 100, "a\tb", "\xe9" * 20, "'; DROP TABLE"]
)
def test_a_delivery_needs_an_id(delivery: str, there: Place) -> None:
    body = json.dumps(HOME).encode()
    who = (f"X-GitHub-Delivery: {delivery}", "X-GitHub-Event: push", signature(body))
    answer = exchanged(there.url, request("POST /webhook", *who, body=body))
    assert status(answer) == 400


def test_a_body_in_chunks_is_counted(there: Place) -> None:
    """Without a length nothing says how large it will be."""
    head = request("POST /webhook", "Transfer-Encoding: chunked")
    piece = b"x" * 100_000
    chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
    answer = exchanged(there.url, [*head, *[chunk] * 250, b"1\r\nx\r\n"])
    assert status(answer) == 413


def test_large_bodies_have_room_together(
    there: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "ROOM", 1_000_000)
    assert delivered(there, b"x" * 900_000) == 400
    assert delivered(there, b"x" * 1_000_001) == 503
    assert delivered(there, b"x" * 900_000) == 400  # there is room again


def test_what_never_comes_to_its_end_is_given_up(
    there: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.connections.STEP", 0.1)
    monkeypatch.setattr("bot.service.connections.IDLE", 0.5)
    monkeypatch.setattr(webhook, "COMING", 0.5)
    monkeypatch.setattr("bot.service.signin.door.PATIENCE", 0.5)
    long = ("Content-Length: 1000",)
    form = "Content-Type: application/x-www-form-urlencoded"
    began = time.monotonic()
    body = request("POST /webhook", *long)
    assert status(exchanged(there.url, [*body, b"x"])) == 408
    filled = request("POST /login", *long, form, f"Origin: {there.url}")
    assert status(exchanged(there.url, [*filled, b"x"])) == 403
    # The head itself: nothing is said, the connection ends.
    assert exchanged(there.url, [b"GET / HTTP/1.1\r\nX: ", *[b"x"] * 12], 0.1) == b""
    assert exchanged(there.url, [b""]) == b""
    assert time.monotonic() - began < 25  # what is not given up waits for 30
    assert there.get("/healthz").status_code == 200


def test_who_hangs_up_in_a_delivery_breaks_nothing(there: Place) -> None:
    there.events.clear()
    body = json.dumps(HOME).encode()
    for line in ("POST /webhook", "POST /login"):
        kind = "Content-Type: application/x-www-form-urlencoded"
        asked = request(line, kind, "Content-Length: 500", body=body, length=False)
        host, _, port = there.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as found:
            found.sendall(asked[0])
    assert there.get("/healthz").status_code == 200
    assert [each for each in there.events if each["event"] == "error"] == []


def test_the_numbers_may_need_a_token(tmp_path: Path) -> None:
    with place(tmp_path, {}, metrics="a token for Prometheus") as found:
        assert found.get("/metrics").status_code == 401
        for given in ("Bearer x", "a token for Prometheus", "Bearer \xe9"):
            answer = found.get("/metrics", headers={"Authorization": given})
            assert answer.status_code == 401
        good = {"Authorization": "Bearer a token for Prometheus"}
        assert found.get("/metrics", headers=good).status_code == 200
