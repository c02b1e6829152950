"""Signing in with GitHub and with the admin token, what is seen then, and for how
long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa

from bot.apps import App
from bot.service.signin import Ways, asked_for
from bot.service.signin.attempts import KNOWN, Attempts
from bot.service.signin.keys import deciphered, enciphered, new
from bot.service.signin.sessions import IDLE, SESSIONS, Sessions
from bot.service.signin.site import local, site
from bot.settings import SettingsError
from tests.service.doors import ADMIN_TOKEN, Place, place
from tests.service.github_web import (
    CLIENT,
    CLIENT_SECRET,
    GitHubWeb,
    Said,
    github_web,
)
from tests.service.postgres import postgres
from tests.service.processes import free_port

WITH_TOKEN = {"CODEMOD_ADMIN_TOKEN": ADMIN_TOKEN}
WITH_GITHUB = {"CODEMOD_CLIENT_ID": CLIENT, "CODEMOD_CLIENT_SECRET": CLIENT_SECRET}
HOUR = 3600
FIELD = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Browser:
    """What a browser does with forms and cookies, by hand."""

    place: Place
    web: GitHubWeb | None = None

    def __post_init__(self) -> None:
        self.session = requests.Session()

    def get(self, address: str, **more: Any) -> requests.Response:
        url = address if "://" in address else self.place.url + address
        return self.session.get(url, allow_redirects=False, timeout=30, **more)

    def post(self, path: str, origin: str = "", **fields: str) -> requests.Response:
        return self.session.post(
            self.place.url + path,
            fields,
            headers={"Origin": origin or self.place.url},
            allow_redirects=False,
            timeout=30,
        )

    def to_github(self, after: str = "/") -> str:
        """The address at GitHub to which a sign-in leads."""
        found = self.get("/login/github", params={"next": after})
        assert found.status_code == 303
        return found.headers["Location"]

    def by_github(self, login: str, after: str = "/") -> requests.Response:
        assert self.web is not None
        return self.get(self.web.code_for(self.to_github(after), login))

    def by_token(self, token: str, after: str = "/") -> requests.Response:
        page = self.get("/login", params={"next": after}).text
        (csrf,) = FIELD.findall(page)
        return self.post("/login", csrf=csrf, token=token, next=after)

    def sees(self) -> Any:
        return self.get("/").json()


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Browser]:
    with place(tmp_path, WITH_TOKEN) as there:
        yield Browser(there)


@pytest.fixture(scope="module")
def at_github(
    tmp_path_factory: pytest.TempPathFactory, cache: Path, openapi: Any, app: App
) -> Iterator[tuple[Place, GitHubWeb]]:
    port = free_port()
    back = f"http://127.0.0.1:{port}/login/callback"
    with github_web(cache, openapi, app, back) as (web, api):
        folder = tmp_path_factory.mktemp("signin")
        with place(folder, WITH_GITHUB, api, "Bob", port=port) as there:
            yield there, web


@pytest.fixture
def person(at_github: tuple[Place, GitHubWeb]) -> Iterator[Browser]:
    there, web = at_github
    kept = dict(web.readable)
    yield Browser(there, web)
    web.readable = kept
    web.faults.clear()
    web.revoked.clear()
    web.suspended = None
    there.events.clear()


def test_a_person_sees_what_github_lets_them_read(person: Browser) -> None:
    assert person.get("/").status_code == 401
    done = person.by_github("ann", "/r/acme/data?page=2")
    assert (done.status_code, done.headers["Location"]) == (303, "/r/acme/data?page=2")
    seen = person.sees()
    assert seen["login"] == "ann"
    assert seen["repositories"] == ["acme/data", "acme/secret"]
    assert seen["admin"] is False
    other = Browser(person.place, person.web)
    other.by_github("bob")
    assert other.sees()["repositories"] == ["acme/data"]
    assert other.sees()["admin"] is True  # as --admins has it, in any case


def test_all_pages_of_a_long_list_are_read(person: Browser) -> None:
    assert person.web is not None
    names = [f"acme/r{number:03}" for number in range(250)]
    person.web.readable["ann"] = names
    person.by_github("ann")
    assert person.sees()["repositories"] == names


def test_the_browser_is_sent_to_github_with_what_binds_it(person: Browser) -> None:
    assert person.web is not None
    one, other = (urlsplit(person.to_github()) for _ in range(2))
    assert one.path == "/login/oauth/authorize"
    asked, again = parse_qs(one.query), parse_qs(other.query)
    assert asked["client_id"] == [CLIENT]
    assert asked["redirect_uri"] == [f"{person.place.url}/login/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["code_challenge"] != again["code_challenge"]
    assert asked["state"] != again["state"]
    assert CLIENT_SECRET not in one.query


def test_a_host_header_changes_no_address(person: Browser) -> None:
    found = person.get("/login/github", headers={"Host": "evil.example"})
    asked = parse_qs(urlsplit(found.headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{person.place.url}/login/callback"]


def test_a_callback_that_was_not_begun_here_is_refused(person: Browser) -> None:
    assert person.web is not None
    good = person.web.code_for(person.to_github(), "ann")
    state = parse_qs(urlsplit(good).query)["state"][0]
    for wrong in ("", "x", state[:-1], f"{state}x", f"{'A' * 43}.{state[44:]}"):
        answer = person.get("/login/callback", params={"code": "x", "state": wrong})
        assert answer.status_code == 400
    # Of another browser: who is led to it is not signed in as somebody else.
    stranger = Browser(person.place, person.web)
    assert stranger.get(good).status_code == 400
    assert stranger.get("/").status_code == 401
    assert person.get(good).status_code == 303


def test_a_code_is_good_once(person: Browser) -> None:
    assert person.web is not None
    good = person.web.code_for(person.to_github(), "ann")
    visit = person.session.cookies["codemod-visit"]
    assert person.get(good).status_code == 303
    assert person.get(good).status_code == 400  # the visit is over
    person.session.cookies.clear()
    person.session.cookies.set("codemod-visit", visit)
    assert person.get(good).status_code == 403  # and GitHub does not know the code
    assert person.get("/").status_code == 401


def test_who_says_no_at_github_is_told_so(person: Browser) -> None:
    state = parse_qs(urlsplit(person.to_github()).query)["state"][0]
    answers = [
        person.get("/login/callback", params={"state": state, "error": error})
        for error in ("access_denied", "<script>alert(1)</script>")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert "you did not allow it" in answers[0].text
    assert "<script" not in answers[1].text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/login/oauth/access_token", Said(500, b"{}")),
        ("/login/oauth/access_token", Said(200, b"<html>")),
        ("/login/oauth/access_token", Said(200, b"[" * 100_000)),
        ("/login/oauth/access_token", Said(200, b"[]")),
        ("/login/oauth/access_token", Said(200, b'{"access_token": 1}')),
        ("/login/oauth/access_token", Said(200, b'{"access_token": "a\\r\\nb: c"}')),
        (
            "/login/oauth/access_token",
            Said(302, b"", (("Location", "http://127.0.0.1:1/"),)),
        ),
        ("/user", Said(200, b'{"login": "<b>"}')),
        ("/user", Said(200, b'{"login": null}')),
        ("/user/installations", Said(200, b'{"installations": {}}')),
        ("/user/installations", Said(502, b"")),
        ("/user/installations/100/repositories", Said(200, b"null")),
    ],
)
def test_what_github_should_not_say_signs_nobody_in(
    person: Browser, path: str, said: Said
) -> None:
    assert person.web is not None
    person.web.faults[path] = said
    answer = person.by_github("ann")
    assert answer.status_code == 502
    assert "GitHub does not answer as it should" in answer.text
    assert "codemod" not in person.session.cookies
    assert person.get("/").status_code == 401


def test_what_github_does_not_show_is_left_out(person: Browser) -> None:
    assert person.web is not None
    place = "/user/installations/100/repositories"
    for status in (403, 404):
        person.web.faults[place] = Said(status, b"{}")
        assert person.by_github("ann").status_code == 303
        assert person.sees()["repositories"] == []
    # Which too many requests are not.
    person.web.faults[place] = Said(403, b"{}", (("Retry-After", "60"),))
    assert person.by_github("ann").status_code == 502
    person.web.faults[place] = Said(403, b"{}")
    person.web.suspended = "2026-01-01T00:00:00Z"
    asked = len(person.web.requests)
    assert person.by_github("ann").status_code == 303
    assert f"GET {place}" not in person.web.requests[asked:]


def test_a_github_that_is_slow_is_given_up(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert person.web is not None
    monkeypatch.setattr("bot.service.signin.pages.SIGNING_IN", 0.3)
    person.web.faults["/user"] = Said(200, b"{}", after=4)
    answer = person.by_github("ann")
    assert answer.status_code == 502
    assert answer.elapsed.total_seconds() < 3.5


def test_what_is_taken_back_at_github_is_gone_here_soon(person: Browser) -> None:
    assert person.web is not None
    person.by_github("ann")
    person.web.readable["ann"] = ["acme/data"]
    assert len(person.sees()["repositories"]) == 2  # for some minutes
    person.place.now += 301
    assert person.sees()["repositories"] == ["acme/data"]
    person.web.revoked.add("ann")
    assert person.get("/").status_code == 200
    person.place.now += 301
    assert person.get("/").status_code == 401
    assert person.place.events[-1] == {"event": "signed out by GitHub", "login": "ann"}
    person.web.revoked.clear()
    assert person.get("/").status_code == 401  # and stays so


def test_while_github_is_away_the_list_of_the_last_hour_counts(
    person: Browser,
) -> None:
    assert person.web is not None
    person.by_github("ann")
    person.web.faults["/user/installations"] = Said(503, b"")
    person.place.now += 301
    asked = len(person.web.requests)
    assert [person.get("/").status_code for _ in range(3)] == [200, 200, 200]
    assert len(person.web.requests) == asked + 1  # it is asked once in five minutes
    person.place.now += HOUR
    assert person.get("/").status_code == 401
    person.web.faults.clear()
    person.place.now += 301
    assert person.get("/").status_code == 200


def test_signing_in_gives_a_new_session_and_ends_the_one_before(
    person: Browser,
) -> None:
    person.by_github("ann")
    before = person.session.cookies["codemod"]
    person.by_github("bob")
    after = person.session.cookies["codemod"]
    assert after != before
    stale = person.place.get("/", cookies={"codemod": before})
    assert stale.status_code == 401
    # What somebody else put there is not taken up.
    chosen = new()
    person.session.cookies.clear()
    person.session.cookies.set("codemod", chosen, domain="127.0.0.1", path="/")
    person.by_github("ann")
    assert chosen not in person.session.cookies.values()
    assert person.place.get("/", cookies={"codemod": chosen}).status_code == 401


def test_a_session_ends_with_its_token_with_idleness_and_after_a_week(
    person: Browser, admin: Browser
) -> None:
    assert person.web is not None
    person.web.faults["/login/oauth/access_token"] = Said(
        200, b'{"access_token": "ghu_x", "expires_in": 100}'
    )
    person.web.faults["/user"] = Said(200, b'{"login": "ann"}')
    person.web.faults["/user/installations"] = Said(200, b'{"installations": []}')
    person.by_github("ann")
    assert person.sees()["repositories"] == []
    person.place.now += 101
    assert person.get("/").status_code == 401
    admin.by_token(ADMIN_TOKEN)
    admin.place.now += 12 * HOUR + 1
    assert admin.get("/").status_code == 401
    admin.by_token(ADMIN_TOKEN)
    for _ in range(14):
        assert admin.get("/").status_code == 200
        admin.place.now += 12 * HOUR - 1
    admin.place.now += 30
    assert admin.get("/").status_code == 401


def test_the_database_can_open_no_session_and_has_no_token(person: Browser) -> None:
    assert person.web is not None
    assert person.place.sessions is not None
    person.by_github("ann")
    with person.place.sessions.engine.connect() as work:
        rows = work.execute(sa.text("SELECT * FROM codemod_sessions")).all()
    assert rows
    assert (person.session.cookies["codemod"] or "?") not in repr(rows)
    assert person.web.tokens
    assert not [token for token in person.web.tokens if token in repr(rows)]
    secret = new()
    kept = enciphered("ghu_x", secret)
    assert (deciphered(kept, secret), deciphered(kept, new())) == ("ghu_x", None)


def test_processes_share_sessions_and_ask_github_once(tmp_path: Path) -> None:
    with postgres() as server:
        engine = sa.create_engine(server.url)
        one, other = Sessions(engine, "s"), Sessions(engine, "s")
        one.prepare()
        other.prepare()
        secret = one.begin("Ann", ["Acme/Data"], "ghu_x", 1000.25)
        found = other.find(secret, 1001.0)
        assert found is not None
        assert (found.login, found.repositories) == ("Ann", frozenset({"acme/data"}))
        assert found.token == "ghu_x"
        assert [one.may_ask(found, 1400.5), other.may_ask(found, 1400.5)] == [
            True,
            False,
        ]
        one.relist(found, [], 1401.0)
        again = other.find(secret, 1402.0)
        assert again is not None
        assert (again.asked, again.listed) == (1400.5, 1401.0)
        assert again.repositories == frozenset()
        assert Sessions(engine, "another secret").find(secret, 1402.0) is None
        other.end(secret)
        assert one.find(secret, 1402.0) is None
        for number in range(3):
            one.begin("admin", None, None, 2000.0 + number)
        one.begin("admin", None, None, 2002.0 + IDLE + 1)  # those that are over go
        with engine.connect() as work:
            count = sa.select(sa.func.count()).select_from(SESSIONS)
            assert work.execute(count).scalar() == 1
        engine.dispose()


def test_the_admin_token_lets_in_and_shows_all(admin: Browser) -> None:
    assert admin.get("/").status_code == 401
    answer = admin.by_token("not the token")
    assert answer.status_code == 403
    assert "This is not the token." in answer.text
    done = admin.by_token(ADMIN_TOKEN, "/jobs")
    assert (done.status_code, done.headers["Location"]) == (303, "/jobs")
    seen = admin.sees()
    assert (seen["login"], seen["repositories"], seen["admin"]) == ("admin", None, True)
    assert [event["event"] for event in admin.place.events] == [
        "wrong admin token",
        "signed in",
    ]
    assert ADMIN_TOKEN not in repr(admin.place.events)


def test_wrong_tokens_are_counted(admin: Browser) -> None:
    codes = [admin.by_token(f"guess {n}").status_code for n in range(7)]
    assert codes == [403] * 5 + [429] * 2
    last = admin.by_token(ADMIN_TOKEN)
    assert (last.status_code, last.headers["Retry-After"]) == (429, "61")
    admin.place.now += 61
    assert admin.by_token(ADMIN_TOKEN).status_code == 303


def test_attempts_are_by_address_and_of_few_addresses() -> None:
    attempts = Attempts()
    for _ in range(5):
        attempts.failed("2001:db8:0:1::1", 100.0)
    assert attempts.wait("2001:db8:0:1:ffff::2", 110.0) == 50.0
    assert attempts.wait("2001:db8:0:2::1", 110.0) == 0.0
    for number in range(KNOWN + 10):
        attempts.failed(f"h{number}", 111.0)
    assert len(attempts.wrong) == KNOWN


def test_logout_ends_the_session_everywhere(admin: Browser) -> None:
    admin.by_token(ADMIN_TOKEN)
    cookie = admin.session.cookies["codemod"]
    csrf = admin.sees()["csrf"]
    assert admin.get("/logout").status_code == 405
    assert admin.post("/logout", csrf="x").status_code == 403
    assert admin.get("/").status_code == 200
    assert admin.post("/logout", csrf=csrf).status_code == 303
    assert "codemod" not in admin.session.cookies
    assert admin.place.get("/", cookies={"codemod": cookie}).status_code == 401


def test_a_form_must_be_ours(admin: Browser) -> None:
    """Each of the checks on its own is enough to refuse."""
    admin.by_token(ADMIN_TOKEN)
    csrf = admin.sees()["csrf"]
    url, cookies = f"{admin.place.url}/touch", admin.session.cookies
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def status(body: str, **headers: str) -> int:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        given = {**form, **named}
        return requests.post(
            url, body, headers=given, cookies=cookies, timeout=30
        ).status_code

    good = f"csrf={csrf}"
    assert status(good) == status(good, Origin=admin.place.url) == 200
    assert status(good, Sec_Fetch_Site="same-origin") == 200
    assert status(good, Sec_Fetch_Site="cross-site") == 403
    assert status(good, Sec_Fetch_Site="same-site") == 403
    assert status(good, Origin="null") == 403
    assert status(good, Origin="https://evil.example") == 403
    assert status(good, Content_Type="text/plain") == 403
    assert status("csrf=") == status("") == status("csrf=%ff") == 403
    assert status(f"csrf={new()}") == 403
    assert status("&".join([good] * 30)) == 403
    assert status(f"{good}&x={'x' * 70_000}") == 403
    cookies.clear()
    assert status(good) == 403


def test_what_is_asked_for_at_the_start() -> None:
    def asked(**more: str) -> Ways | str:
        given = {**more}
        place = (given.pop("url", ""), given.pop("host", "127.0.0.1"), 8080)
        return asked_for(given, *place, "https://api.github.com", "Ann, bob,")

    assert asked() == (
        "set CODEMOD_CLIENT_ID and CODEMOD_CLIENT_SECRET, or CODEMOD_ADMIN_TOKEN"
    )
    with pytest.raises(SettingsError, match="fewer than 24 characters"):
        asked(CODEMOD_ADMIN_TOKEN="x" * 23)
    assert "give --url" in asked(**WITH_TOKEN, host="0.0.0.0")  # type: ignore[operator]
    bare = asked(**WITH_TOKEN, url="http://bot.example.org")
    assert "give --url https://" in bare  # type: ignore[operator]
    ways = asked(**WITH_GITHUB, url="https://bot.example.org/", host="0.0.0.0")
    assert isinstance(ways, Ways)
    assert ways.site.origins == ("https://bot.example.org",)
    assert ways.admins == {"ann", "bob"}
    other = asked(**WITH_GITHUB, **WITH_TOKEN)
    assert isinstance(other, Ways)
    assert other.secret != ways.secret
    for secret in (CLIENT_SECRET, ADMIN_TOKEN):
        assert secret not in repr(other)


@pytest.mark.parametrize(
    "url", ["bot.example.org", "ftp://x", "https://", "https://x/y", "https://x:y"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="--url"):
        site(url, "0.0.0.0", 8080)


def test_cookies_are_of_one_host_where_there_is_tls() -> None:
    there = site("https://bot.example.org:8443", "0.0.0.0", 8080)
    here = site("", "127.0.0.1", 8080)
    assert there is not None
    assert here is not None
    assert there.origins == ("https://bot.example.org:8443",)
    assert (there.cookie("codemod"), there.secure) == ("__Host-codemod", True)
    assert (here.cookie("codemod"), here.secure) == ("codemod", False)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/a\tb",
        "/\u2215/evil.example",
        "/r/\u00e9",
        "/" + "a" * 2000,
        "/login?next=/",
        "/logout",
    ],
)
def test_nobody_is_sent_elsewhere(address: str) -> None:
    assert local(address) == "/"


def test_addresses_of_ours_are_gone_back_to() -> None:
    for address in ("/", "/r/acme/data?x=1&y=2", "/r/a%20b"):
        assert local(address) == address
