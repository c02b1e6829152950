"""A GitHub App: its tokens, and the repositories it was installed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import reported, retry
from bot.ports import Lasting, Trouble
from bot.session import session

if TYPE_CHECKING:
    from github import GithubIntegration

PERMISSIONS = {
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
# To see what a branch's checks say; an App that was not granted these goes without.
MORE = {"checks": "write", "statuses": "read"}


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App's identity."""

    id: int
    key: str

    def __repr__(self) -> str:
        return f"App({self.id})"


@reported
def installation(app: App, name: str, api: str) -> int:
    """The number of the installation that covers a repository. Raises Trouble."""
    owner, _, repository = name.partition("/")
    with integration(app, api) as known:
        return known.get_repo_installation(owner, repository).id


@reported
def token_of(app: App, installation: int, api: str) -> str:
    """A token of an installation for an hour, with no more rights than are needed.

    Raises Trouble.
    """
    from github import GithubException

    with integration(app, api) as known:
        get = known.get_access_token
        try:
            return get(installation, permissions={**PERMISSIONS, **MORE}).token
        except GithubException as error:
            if error.status != 422:
                raise
        return get(installation, permissions=PERMISSIONS).token


@reported
def installed(app: App, api: str) -> dict[str, int]:
    """All repositories an App was installed in, by name, with the installation.

    Raises Trouble.
    """
    with integration(app, api) as known:
        return {
            repository.full_name: each.id
            for each in known.get_installations()
            for repository in each.get_repos()
        }


@reported
def installations(app: App, api: str) -> dict[int, str]:
    """Where an App was installed and not suspended: numbers with their accounts.

    Raises Trouble.
    """
    with integration(app, api) as known:
        return {
            each.id: each.raw_data["account"]["login"]
            for each in known.get_installations()
            if each.suspended_at is None
        }


@reported
def repositories(token: str, api: str) -> tuple[str, ...]:
    """All that the installation of a token was given. Raises Trouble."""
    asked = session(token, api).requester
    found: list[str] = []
    while True:
        page = {"per_page": 100, "page": len(found) // 100 + 1}
        _, answer = asked.requestJsonAndCheck(
            "GET", "/installation/repositories", parameters=page
        )
        listed = [each["full_name"] for each in answer["repositories"]]
        found += listed
        if len(found) >= answer["total_count"]:
            return tuple(found)
        if len(listed) < 100:
            raise Trouble("GitHub lists fewer repositories than it counts")


@contextmanager
def integration(app: App, api: str) -> Iterator[GithubIntegration]:
    from github import Auth, GithubIntegration
    from jwt.exceptions import InvalidKeyError

    try:
        yield GithubIntegration(
            auth=Auth.AppAuth(app.id, app.key),
            base_url=api,
            retry=retry(),
            per_page=100,
        )
    except InvalidKeyError:
        raise Lasting("the App's private key is not in PEM format") from None
