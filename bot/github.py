"""GitHub, by PyGithub: thin, without policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from bot.model import Proposal, Pull
from bot.ports import Trouble
from bot.render import TOUCHED

if TYPE_CHECKING:
    from github.PullRequest import PullRequest
    from github.Repository import Repository

P = ParamSpec("P")
R = TypeVar("R")

API = "https://api.github.com"
TRIES = 5
LONGEST_WAIT = 60  # seconds for a rate limit; beyond it the next run is for
# A POST that was answered with 502 may have been done: it is never sent again.
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
PERMISSIONS = {
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
REFUSALS = {
    401: "GitHub does not take the token; it may have expired",
    403: "GitHub refuses: the token lacks a permission",
    404: "GitHub does not know it, or the token may not see it",
    410: "switched off in this repository",
    451: "blocked for legal reasons",
}


def reported(call: Callable[P, R]) -> Callable[P, R]:
    """The same call with GitHub's errors as Trouble, without what was sent."""

    @wraps(call)
    def reporting(*args: P.args, **kwargs: P.kwargs) -> R:
        with as_trouble():
            return call(*args, **kwargs)

    return reporting


@contextmanager
def as_trouble() -> Iterator[None]:
    try:
        from github import GithubException
        from requests import RequestException
    except ImportError as error:
        raise Trouble("needs PyGithub: pip install 'codemod[bot]'") from error
    try:
        yield
    except GithubException as error:
        raise Trouble(told(error.status, error.data)) from None
    except RequestException as error:
        raise Trouble(f"GitHub does not answer: {type(error).__name__}") from None


def told(status: int, data: object) -> str:
    words = data.get("message", "") if isinstance(data, dict) else ""
    if "rate limit" in str(words).lower():
        return "GitHub's rate limit is used up; the next run goes on"
    return REFUSALS.get(status, f"GitHub answers {status}") + f" ({words})" * bool(
        words
    )


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App's identity."""

    id: int
    key: str

    def __repr__(self) -> str:
        return f"App({self.id})"


@reported
def installation_token(app: App, name: str, api: str = API) -> str:
    """A token for one repository's installation, for an hour, with no more rights
    than are needed. Raises Trouble."""
    from github import Auth, GithubIntegration
    from jwt.exceptions import InvalidKeyError

    owner, _, repository = name.partition("/")
    try:
        integration = GithubIntegration(
            auth=Auth.AppAuth(app.id, app.key), base_url=api, retry=retry()
        )
        found = integration.get_repo_installation(owner, repository)
    except InvalidKeyError:
        raise Trouble("the App's private key is not in PEM format") from None
    return integration.get_access_token(found.id, permissions=PERMISSIONS).token


def retry() -> Any:
    from github import GithubRetry

    return GithubRetry(
        total=TRIES, max_rate_limit_wait=LONGEST_WAIT, allowed_methods=REPEATABLE
    )


@dataclass(frozen=True, slots=True)
class GitHub:
    """The pull requests of one repository; see ports.Forge."""

    repository: Repository
    name: str
    clone_url: str

    def pulls(self, branches: Sequence[str]) -> tuple[Pull, ...]:
        return tuple(pull for branch in branches for pull in self.of(branch))

    @reported
    def of(self, branch: str) -> list[Pull]:
        """All of one branch, newest first. A fork's branch of that name is not ours."""
        owner = self.name.partition("/")[0]
        found = self.repository.get_pulls(
            state="all", head=f"{owner}:{branch}", sort="created", direction="desc"
        )
        return [
            pull_of(each)
            for each in found
            if each.head.ref == branch
            and each.head.repo is not None
            and each.head.repo.full_name.lower() == self.name.lower()
        ]

    @reported
    def pull(self, number: int) -> Pull:
        return pull_of(self.repository.get_pull(number))

    @reported
    def comments(self, pull: Pull) -> tuple[str, ...]:
        """What the author of a pull, the bot, said when its branch was taken over.

        Nobody else's comments count: anyone may write one with the box in it.
        """
        found = self.repository.get_issue(pull.number).get_comments()
        return tuple(
            comment.body
            for comment in found
            if TOUCHED in comment.body and comment.user.login == pull.author
        )

    @reported
    def open(self, proposal: Proposal, title: str, body: str) -> Pull:
        from github import GithubException

        try:
            made = self.repository.create_pull(
                base=proposal.base.branch,
                head=proposal.branch,
                title=title,
                body=body,
                draft=proposal.draft,
            )
        except GithubException as error:
            there = [pull for pull in self.of(proposal.branch) if pull.open]
            if error.status != 422 or not there:
                raise
            return there[0]
        return pull_of(made)

    @reported
    def edit(self, pull: Pull, title: str, body: str, base: str) -> None:
        from github.GithubObject import NotSet

        other = base if base != pull.base else NotSet
        found = self.repository.get_pull(pull.number)
        found.edit(title=title, body=body, base=other)

    @reported
    def close(self, pull: Pull, body: str) -> None:
        self.repository.get_pull(pull.number).edit(state="closed", body=body)

    @reported
    def comment(self, pull: Pull, text: str) -> None:
        self.repository.get_issue(pull.number).create_comment(text)

    @reported
    def withdraw(self, pull: Pull) -> None:
        for comment in self.repository.get_issue(pull.number).get_comments():
            if TOUCHED in comment.body and comment.user.login == pull.author:
                comment.delete()


@reported
def connected(name: str, token: str, api: str = API) -> GitHub:
    """A repository that can be written to, under the name it has now.

    Raises Trouble where it is archived, disabled or not ours to write to.
    """
    from github import Auth, Github

    session = Github(
        auth=Auth.Token(token), base_url=api, retry=retry(), lazy=True, per_page=100
    )
    found = session.get_repo(name)
    if found.archived:
        raise Trouble("the repository is archived")
    if found.permissions is not None and not found.permissions.push:
        raise Trouble("the token may not push to the repository")
    return GitHub(found, found.full_name, found.clone_url)


def pull_of(pull: PullRequest) -> Pull:
    return Pull(
        number=pull.number,
        branch=pull.head.ref,
        base=pull.base.ref,
        head=pull.head.sha,
        title=pull.title,
        body=(pull.body or "").replace("\r\n", "\n"),
        open=pull.state == "open",
        merged=pull.merged_at is not None,
        draft=bool(pull.draft),
        created=int(pull.created_at.timestamp()),
        author=pull.user.login,
        merge=(pull.merge_commit_sha or "") if pull.merged_at is not None else "",
    )
