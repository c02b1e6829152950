"""Where the service is for browsers: its origins, its cookies, its own addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from bot.settings import SettingsError

HERE = ("127.0.0.1", "localhost", "[::1]")
LONGEST = 1_000  # characters of an address to go to after sign-in
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # visible ASCII, no backslash


@dataclass(frozen=True, slots=True)
class Site:
    """The origins under which browsers reach it; the first is its proper one.

    There are several only on this machine, where a browser may say `localhost` as
    well. What a request says of its host chooses among these, and never adds one.
    """

    origins: tuple[str, ...]

    @property
    def secure(self) -> bool:
        return self.origins[0].startswith("https:")

    def origin(self, request: HTTPConnection) -> str:
        asked = f"http://{request.headers.get('host', '')}"
        return asked if asked in self.origins else self.origins[0]

    def cookie(self, name: str) -> str:
        """Its name; browsers take `__Host-` only over TLS, for one host and all paths,
        so that no other host or path of the domain can set it."""
        return f"__Host-{name}" if self.secure else name


def site(url: str, host: str, port: int) -> Site | None:
    """The site of `--url`, or of this machine alone; None where others come in without
    TLS, who could all see what cookies it sets.

    Raises SettingsError for an address that is none.
    """
    if url:
        there = origin(url)
        local = urlsplit(there).hostname in ("127.0.0.1", "localhost", "::1")
        return Site((there,)) if local or there.startswith("https:") else None
    if host in ("127.0.0.1", "localhost", "::1"):
        return Site(tuple(f"http://{name}:{port}" for name in HERE))
    return None


def origin(url: str) -> str:
    found = urlsplit(url)
    try:
        there = found.port
    except ValueError:
        there = -1
    more = found.path.strip("/") or found.query or found.fragment or found.username
    usual = {"https": 443, "http": 80}
    if not found.hostname or more or there == -1 or found.scheme not in usual:
        raise SettingsError(f"--url: write https://HOST, not {url!r}")
    name = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    port = "" if there in (None, usual[found.scheme]) else f":{there}"
    return f"{found.scheme}://{name}{port}"


def local(address: str) -> str:
    """An address of this service's to go to, `/` for whatever else was given."""
    if len(address) <= LONGEST and LOCAL.fullmatch(address):
        if not address.startswith(("/login", "/logout")):
            return address
    return "/"
