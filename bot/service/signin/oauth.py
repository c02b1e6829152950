"""GitHub's side of sign-in: the web application flow, and what a person may read.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests

from bot.service.payloads import NAME
from bot.service.signin.keys import unpadded

TIMEOUT = (5, 10)  # seconds to connect, and between two pieces of an answer
PATIENCE = 20.0  # seconds for one answer
LARGEST = 10_000_000  # bytes of an answer
PAGE = 100  # GitHub gives no more at once
MOST = 300  # pages of an installation's repositories
LIST = "repositories"
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class Refused(Exception):
    """GitHub does not know the code, or no longer the token."""


class Away(Exception):
    """GitHub gives no answer, or none that makes sense."""


class Hidden(Away):
    """GitHub does not show it to this person."""


@dataclass(frozen=True, slots=True)
class Token:
    """A person's; `lasts`: seconds, None where it does not end by itself."""

    text: str = field(repr=False)
    lasts: float | None


@dataclass(frozen=True, slots=True)
class OAuth:
    """The App at GitHub. `api` and `web` are URLs without a slash at the end."""

    api: str
    web: str
    client: str
    secret: str = field(repr=False)

    def address(self, back: str, state: str, verifier: str) -> str:
        """Where to send the browser, for it to come back with a code."""
        challenge = unpadded(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "client_id": self.client,
            "redirect_uri": back,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.web}/login/oauth/authorize?{urlencode(asked)}"

    def token(self, code: str, back: str, verifier: str) -> Token:
        """Raises Refused and Away."""
        given = {
            "client_id": self.client,
            "client_secret": self.secret,
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        found = answer("POST", f"{self.web}/login/oauth/access_token", given=given)
        if found.get("error"):
            raise Refused
        text, lasts = found.get("access_token"), found.get("expires_in")
        if not isinstance(text, str) or not text.isascii() or not text.isprintable():
            raise Away("no token in the answer")
        return Token(text, float(lasts) if isinstance(lasts, int) else None)

    def login(self, token: str) -> str:
        """Raises Refused and Away."""
        login = answer("GET", f"{self.api}/user", token).get("login")
        if not isinstance(login, str) or not LOGIN.fullmatch(login):
            raise Away("no login in the answer")
        return login

    def readable(self, token: str) -> frozenset[str]:
        """What a person may read of what the App is installed in, in lower case.

        Raises Refused and Away.
        """
        places = self.pages("/user/installations", "installations", token)
        numbers = [place.get("id") for place in places if not place.get("suspended_at")]
        return frozenset(
            name
            for number in numbers
            if isinstance(number, int)
            for name in self.readable_of(number, token)
        )

    def readable_of(self, installation: int, token: str) -> frozenset[str]:
        """None for one that was taken away, or asks for another sign-in first."""
        path = f"/user/installations/{installation}/repositories"
        try:
            found = [each.get("full_name") for each in self.pages(path, LIST, token)]
        except Hidden:
            return frozenset()
        names = (each for each in found if isinstance(each, str))
        return frozenset(each.lower() for each in names if NAME.fullmatch(each))

    def pages(self, path: str, key: str, token: str) -> Iterator[Mapping[str, object]]:
        """The items of all pages; those after the first, four at a time."""

        def page(number: int) -> Mapping[str, object]:
            url = f"{self.api}{path}?per_page={PAGE}&page={number}"
            return answer("GET", url, token)

        first = page(1)
        yield from items(first, key)
        total = first.get("total_count")
        count = -(-total // PAGE) if isinstance(total, int) else 1
        if count > 1:
            with ThreadPoolExecutor(4) as pool:
                for more in pool.map(page, range(2, min(count, MOST) + 1)):
                    yield from items(more, key)


def items(page: Mapping[str, object], key: str) -> list[dict[str, object]]:
    found = page.get(key)
    if not isinstance(found, list):
        raise Away(f"no {key} in the answer")
    return [item for item in found if isinstance(item, dict)]


class Bearer(requests.auth.AuthBase):
    """As an object, because a header would give way to a `.netrc`."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def answer(
    method: str,
    url: str,
    token: str | None = None,
    given: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """A JSON object. Redirects are not followed. Raises Refused for 401, and Away."""
    try:
        with requests.request(
            method,
            url,
            data=given,
            auth=Bearer(token),
            headers={"Accept": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code == 401:
                raise Refused
            if response.status_code in (403, 404) and not is_limited(response):
                raise Hidden(f"it answered {response.status_code}")
            if response.status_code != 200:
                raise Away(f"it answered {response.status_code}")
            found = json.loads(body(response))
    except requests.RequestException as error:
        raise Away(type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        raise Away("its answer is no JSON") from error
    if not isinstance(found, dict):
        raise Away("its answer is no JSON object")
    return found


def is_limited(response: requests.Response) -> bool:
    """Whether there were too many requests, which GitHub may say by 403 as well."""
    remaining = response.headers.get("x-ratelimit-remaining")
    return remaining == "0" or "retry-after" in response.headers


def body(response: requests.Response) -> bytes:
    """What it says, as long as that is neither too long nor too slow. Raises Away."""
    end = time.monotonic() + PATIENCE
    data = bytearray()
    for piece in response.iter_content(None):
        data += piece
        if len(data) > LARGEST or time.monotonic() > end:
            raise Away("its answer is too long or too slow")
    return bytes(data)
