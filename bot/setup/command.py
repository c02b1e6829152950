"""`codemod-bot setup`: the page, the exchange and the files, one after the other."""

from __future__ import annotations

import os
import sys
import webbrowser
from argparse import Namespace
from functools import partial
from secrets import token_hex, token_urlsafe

from bot import credentials
from bot.github import API
from bot.ports import Trouble
from bot.settings import SettingsError
from bot.setup.conversion import Registered, exchanged
from bot.setup.local import Page, serving
from bot.setup.manifest import registration

PATIENCE = 3_600  # seconds: as long as GitHub's code is good


def set_up(given: Namespace) -> int:
    """Register an App and keep its credentials. Raises SettingsError and Trouble."""
    name = given.name or f"codemod-{token_hex(3)}"
    asked = registration(name, given.url, given.github_url, given.organization)
    credentials.check_free(given.credentials, given.force)
    page = Page(asked, partial(take, given))
    try:
        with serving(page, given.port) as address:
            print(f"Open this page, on this machine: {address}", flush=True)
            if has_browser():
                webbrowser.open(address)
            if not page.told.wait(PATIENCE):
                raise Trouble("nobody came back from GitHub within an hour")
    except KeyboardInterrupt:
        if page.taken.is_set():
            return 0
        raise Trouble("stopped: no credentials were written") from None
    return 0


def take(given: Namespace, code: str) -> None:
    """Exchange the code, keep what it gives, and say what is next. Raises Trouble."""
    try:
        app = exchanged(code, given.github_url)
        lines = kept(app, given.github_url, given.url)
        values = {name: text for name, text in lines if text}
        credentials.write(given.credentials, values, app.key, given.force)
    except (Trouble, SettingsError) as error:
        print(f"codemod-bot: {error}", file=sys.stderr, flush=True)
        raise Trouble(str(error)) from error
    path = given.credentials
    print(f"Its credentials: {path}, {credentials.key_beside(path)} (yours alone)")
    print(f"Install the App: {app.page}/installations/new")
    print(f"Start its service: {program()} serve --credentials {path}", flush=True)


def kept(app: Registered, api: str, url: str) -> tuple[tuple[str, str], ...]:
    return (
        (credentials.APP, str(app.id)),
        (credentials.LOGIN, app.login),
        (credentials.URL, "" if api == API else api),
        ("CODEMOD_URL", url),
        ("CODEMOD_WEBHOOK_SECRET", app.webhook_secret),
        ("CODEMOD_CLIENT_ID", app.client),
        ("CODEMOD_CLIENT_SECRET", app.client_secret),
        ("CODEMOD_SESSION_SECRET", token_urlsafe(32)),
    )


def program() -> str:
    """The command as it was called."""
    called = sys.argv[0]
    return called if os.path.basename(called) == "codemod-bot" else "codemod-bot"


def has_browser() -> bool:
    """Whether there is one in a window; one in the terminal would take its place."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(shown) or sys.platform in ("darwin", "win32")
