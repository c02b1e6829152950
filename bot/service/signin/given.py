"""What sign-in was asked for, by the environment and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.addresses import web_of
from bot.service.signin.attempts import Attempts
from bot.service.signin.keys import text
from bot.service.signin.oauth import OAuth
from bot.service.signin.sessions import Sessions
from bot.service.signin.site import Site, site
from bot.settings import SettingsError

CLIENT_ID = "CODEMOD_CLIENT_ID"
CLIENT_SECRET = "CODEMOD_CLIENT_SECRET"
ADMIN_TOKEN = "CODEMOD_ADMIN_TOKEN"
SESSION_SECRET = "CODEMOD_SESSION_SECRET"
URL = "CODEMOD_URL"
SHORTEST = 24  # characters of an admin token


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to sign in, of which there is at least one, and where.

    `secret` is what sessions are kept with. It depends on all that lets people in: to
    change one of these ends all sessions.
    """

    site: Site
    oauth: OAuth | None
    admin_token: str = field(repr=False)
    secret: str = field(repr=False)
    admins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign-in with what it needs. `clock`: s since 1970."""

    ways: Ways
    sessions: Sessions
    clock: Callable[[], float]
    log: Callable[..., object]
    attempts: Attempts = field(default_factory=Attempts)


def asked_for(
    environment: Mapping[str, str],
    url: str,
    host: str,
    port: int,
    api: str,
    admins: str = "",
) -> Ways | str:
    """The ways to sign in, or why there is none. Raises SettingsError."""
    url = url or environment.get(URL, "")
    client = environment.get(CLIENT_ID, "")
    secret = environment.get(CLIENT_SECRET, "")
    token = environment.get(ADMIN_TOKEN, "")
    if token and len(token) < SHORTEST:
        raise SettingsError(f"{ADMIN_TOKEN} has fewer than {SHORTEST} characters")
    found = site(url, host, port)
    if not token and not (client and secret):
        return f"set {CLIENT_ID} and {CLIENT_SECRET}, or {ADMIN_TOKEN}"
    if found is None:
        return "give --url https://..., by which browsers reach the service"
    oauth = None
    if client and secret:
        oauth = OAuth(api.rstrip("/"), web_of(api), client, secret)
    logins = (login.strip().lower() for login in admins.split(","))
    known = frozenset(login for login in logins if login)
    kept_with = text(environment.get(SESSION_SECRET, ""), "sessions", secret, token)
    return Ways(found, oauth, token, kept_with, known)
