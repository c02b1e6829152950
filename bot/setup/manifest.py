"""What we ask GitHub to register: pure. The format is GitHub's:
https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from bot.addresses import PUBLIC, web_of
from bot.apps import MORE, PERMISSIONS
from bot.service.deliveries import READERS
from bot.settings import SettingsError

# Every App is sent these; they cannot be subscribed to.
UNASKED = frozenset({"installation", "installation_repositories"})
EVENTS = tuple(sorted(READERS.keys() - UNASKED))
LONGEST = 34  # characters of an App's name
CALLBACK = "/login/callback"
OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


@dataclass(frozen=True, slots=True)
class Registration:
    """Which App, where its service answers, and where on GitHub it is registered."""

    name: str
    url: str
    web: str
    organization: str = ""

    def manifest(self, back: str) -> Mapping[str, Any]:
        """GitHub sends the browser to `back` with the code of the App it made."""
        return {
            "name": self.name,
            "url": self.url,
            "description": "Pull requests that fix what codemod finds",
            "hook_attributes": {"url": f"{self.url}/webhook", "active": True},
            "redirect_url": back,
            "callback_urls": [self.url + CALLBACK],
            "public": False,
            "default_permissions": {**PERMISSIONS, **MORE},
            "default_events": list(EVENTS),
        }

    def form(self, state: str) -> str:
        """Where the browser posts the manifest."""
        owner = self.organization and f"/organizations/{quote(self.organization)}"
        return f"{self.web}{owner}/settings/apps/new?{urlencode({'state': state})}"


def registration(name: str, url: str, api: str, organization: str) -> Registration:
    """Raises SettingsError where GitHub would not take it."""
    web = web_of(api)
    if not 1 <= len(name) <= LONGEST:
        raise SettingsError(f"--name: an App's name has 1 to {LONGEST} characters")
    if organization and not OWNER.fullmatch(organization):
        raise SettingsError(f"--organization: no account is called {organization!r}")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"--url: write https://HOST, not {url!r}")
    if parts.query or parts.fragment or parts.username:
        raise SettingsError("--url: write the address alone: https://HOST")
    if urlsplit(web).hostname == PUBLIC and is_local(parts.hostname):
        raise SettingsError(f"--url: GitHub cannot reach {parts.hostname}")
    return Registration(name, url.rstrip("/"), web, organization)


def is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local"))
