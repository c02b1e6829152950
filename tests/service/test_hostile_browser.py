"""Hostile addresses, sites and forms in a real browser, which decides what becomes of
them."""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bot.apps import App
from tests.reports.browser import browser, needed
from tests.service.doors import ADMIN_TOKEN, Place, place
from tests.service.github_web import CLIENT, CLIENT_SECRET, github_web
from tests.service.processes import free_port

pytestmark = needed
WITH_TOKEN = {"CODEMOD_ADMIN_TOKEN": ADMIN_TOKEN}
WITH_GITHUB = {"CODEMOD_CLIENT_ID": CLIENT, "CODEMOD_CLIENT_SECRET": CLIENT_SECRET}
SCRIPTS = (
    "<script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=\'ran\'">',
    "' autofocus onfocus='document.title=1",
    "javascript:document.title='ran'",
    "</title><svg onload=document.title='ran'>",
    "{{ 7*7 }}${7*7}",
)


@dataclass
class Evil:
    """Another site; `page` is what it serves, `asked` what was asked of it."""

    port: int = 0
    page: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def same_site(self) -> str:
        """Of the same host as ours, on another port: another origin."""
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def evil_site() -> Iterator[Evil]:
    evil = Evil()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            evil.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(evil.page.encode())

        def log_message(self, *_: object) -> None:
            """Requests are not of interest."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    evil.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield evil
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def context(started: Browser) -> Iterator[BrowserContext]:
    found = started.new_context()
    yield found
    found.close()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("hostile"), WITH_TOKEN) as found:
        yield found


@pytest.fixture
def evil() -> Iterator[Evil]:
    with evil_site() as found:
        yield found


def signed_in(context: BrowserContext, there: Place, after: str = "/") -> Page:
    page = context.new_page()
    page.goto(f"{there.url}/login?next={quote(after)}")
    page.get_by_label("Admin token").fill(ADMIN_TOKEN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{there.url}/**")
    return page


def csrf_of(page: Page, there: Place) -> str:
    found = page.request.get(there.url + "/").json()
    return str(found["csrf"])


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_address_runs_a_script(
    script: str, context: BrowserContext, there: Place
) -> None:
    page = context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(str(error)))
    for path in (
        f"/login?next={quote(script)}",
        f"/login?next=/{quote(script)}",
        f"/login/callback?error={quote(script)}&state={quote(script)}",
        f"/login/callback?error={quote(script)}&error_description={quote(script)}",
        f"/r/{quote(script)}/{quote(script)}",
        f"/{quote(script, safe='')}",
    ):
        answer = page.goto(there.url + path)
        assert answer is not None
        assert answer.status in (200, 400, 404)
        page.wait_for_load_state()
        assert page.title() not in ("ran", "1")
        assert "49" not in page.locator("body").inner_text()
        assert page.locator("script, img, svg, [onfocus]").count() == 0
    assert ran == []


@pytest.mark.parametrize(
    "address", ["//evil.example/", "/\\evil.example", "https://evil.example", "/%09/e"]
)
def test_signing_in_leads_nowhere_else(
    address: str, context: BrowserContext, there: Place
) -> None:
    page = signed_in(context, there, address)
    assert page.url.startswith(f"{there.url}/")


def test_a_script_that_got_in_would_not_run(
    context: BrowserContext, there: Place
) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{there.url}/login")
    page.evaluate(
        """() => {
            const made = document.createElement('script');
            made.textContent = "document.title = 'ran'";
            document.body.append(made);
            document.body.setAttribute('onclick', "document.title = 'ran'");
            const image = document.createElement('img');
            image.src = 'http://localhost:1/stolen';
            document.body.append(image);
        }"""
    )
    page.locator("h1").click()
    assert page.title() != "ran"
    assert len([text for text in said if "Content Security Policy" in text]) >= 3


def test_no_other_site_frames_it(
    context: BrowserContext, there: Place, evil: Evil
) -> None:
    signed_in(context, there)
    evil.page = f'<iframe src="{there.url}/login"></iframe>'
    page = context.new_page()
    for site in (evil.elsewhere, evil.same_site):
        page.goto(site)
        page.wait_for_load_state("networkidle")
        (frame,) = page.frames[1:]
        assert frame.url.startswith("chrome-error:")


def test_no_other_site_sends_a_form(
    context: BrowserContext, there: Place, evil: Evil
) -> None:
    """Not even one that knows the token of the form."""
    mine = signed_in(context, there)
    csrf = csrf_of(mine, there)
    for path, site in (
        ("/logout", evil.elsewhere),
        ("/logout", evil.same_site),
        ("/login", evil.elsewhere),
    ):
        evil.page = form(there.url + path, csrf=csrf, token=ADMIN_TOKEN)
        page = context.new_page()
        with page.expect_response(there.url + path) as answer:
            page.goto(site)
        assert answer.value.status == 403
    assert mine.request.get(there.url + "/").status == 200  # still signed in


def test_no_other_site_reads_a_page(
    context: BrowserContext, there: Place, evil: Evil
) -> None:
    signed_in(context, there)
    evil.page = f"""<title>no</title><script>
    fetch({there.url!r} + '/', {{credentials: 'include'}})
      .then(found => found.text()).then(() => document.title = 'read')
      .catch(() => document.title = 'refused')
    </script>"""
    page = context.new_page()
    for site in (evil.elsewhere, evil.same_site):
        page.goto(site)
        page.wait_for_function("document.title != 'no'")
        assert page.title() == "refused"


def form(action: str, **fields: str) -> str:
    inputs = "".join(
        f'<input name="{name}" value="{html.escape(text)}">'
        for name, text in fields.items()
    )
    sent = "<script>document.forms[0].submit()</script>"
    return f'<form method="post" action="{action}">{inputs}</form>{sent}'


def test_the_cookie_is_for_the_browser_alone(
    context: BrowserContext, there: Place
) -> None:
    page = signed_in(context, there)
    (cookie,) = context.cookies()
    assert cookie["name"] == "codemod"
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "127.0.0.1")
    page.goto(f"{there.url}/healthz")
    assert page.evaluate("document.cookie") == ""


def test_after_signing_out_nothing_is_there(
    context: BrowserContext, there: Place
) -> None:
    page = signed_in(context, there)
    assert "csrf" in page.locator("body").inner_text()
    kept: Any = context.cookies()
    page.evaluate(
        """([csrf]) => {
            document.body.innerHTML =
              '<form method="post" action="/logout"><input name="csrf"></form>';
            document.forms[0].csrf.value = csrf;
            document.forms[0].submit();
        }""",
        [csrf_of(page, there)],
    )
    page.wait_for_url(f"{there.url}/login")
    assert [each["name"] for each in context.cookies()] == ["codemod-visit"]
    page.go_back()  # it was not kept
    assert "csrf" not in page.locator("body").inner_text()
    context.add_cookies(kept)
    assert page.request.get(there.url + "/").status == 401


def test_signing_in_with_github_from_end_to_end(
    tmp_path: Path, context: BrowserContext, cache: Path, openapi: Any, app: App
) -> None:
    port = free_port()
    back = f"http://127.0.0.1:{port}/login/callback"
    with (
        github_web(cache, openapi, app, back) as (_, api),
        place(tmp_path, WITH_GITHUB, api, port=port) as there,
    ):
        page = context.new_page()
        page.goto(f"{there.url}/login?next=/healthz")
        page.get_by_role("link", name="Sign in with GitHub").click()
        page.wait_for_url(f"{api}/login/oauth/authorize**")
        page.get_by_role("button", name="ann").click()
        page.wait_for_url(f"{there.url}/healthz")
        found = page.request.get(there.url + "/").json()
        assert found["login"] == "ann"
        assert found["repositories"] == ["acme/data", "acme/secret"]
        assert "code=" not in str(page.evaluate("document.referrer"))
