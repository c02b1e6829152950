"""The code that GitHub sends back, exchanged for the App's credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import as_trouble, retry
from bot.ports import Refused, Trouble

CODE = re.compile(r"[A-Za-z0-9_.-]{1,255}")
# Nothing that a shell, systemd or Docker would read in another way.
PLAIN = re.compile(r"[A-Za-z0-9_.~+/=:@-]+")
PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END [A-Z ]+-----\n?"
)


@dataclass(frozen=True, slots=True)
class Registered:
    """An App that was made. `page` is its address on GitHub."""

    id: int
    slug: str
    page: str
    client: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    key: str = field(repr=False)

    @property
    def login(self) -> str:
        return f"{self.slug}[bot]"


def exchanged(code: str, api: str) -> Registered:
    """What the code is good for, once and within an hour. Raises Trouble."""
    if not CODE.fullmatch(code):
        raise Refused("GitHub sent no code")
    with as_trouble():
        from github import Github, GithubException

        asked = f"/app-manifests/{code}/conversions"
        with Github(base_url=api, retry=retry(), lazy=True) as known:
            try:
                _, found = known.requester.requestJsonAndCheck("POST", asked)
            except GithubException as error:
                if error.status in (404, 422):
                    raise Refused(
                        "the code is not valid any more; start again"
                    ) from None
                raise
    return registered(found)


def registered(found: Any) -> Registered:
    """GitHub's answer, read; the message of Trouble has nothing of it but names."""
    if not isinstance(found, Mapping):
        raise Trouble("GitHub's answer is not an App")
    number = found.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise Trouble("GitHub's answer has no `id` as it should be")
    return Registered(
        id=number,
        slug=text(found, "slug", PLAIN),
        page=text(found, "html_url", PLAIN),
        client=text(found, "client_id", PLAIN),
        client_secret=text(found, "client_secret", PLAIN),
        webhook_secret=text(found, "webhook_secret", PLAIN),
        key=text(found, "pem", PEM),
    )


def text(found: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Trouble(f"GitHub's answer has no `{name}` as it should be")
    return value
