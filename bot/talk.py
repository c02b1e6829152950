"""The comments on GitHub by which people ask for something."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.answers import mark
from bot.model import Pull
from bot.ports import Said

if TYPE_CHECKING:
    from github.Repository import Repository

# https://docs.github.com/en/rest/collaborators/collaborators#get-repository-
# permissions-for-a-user: "maintain" is told as "write", "triage" as "read".
WRITERS = ("admin", "write")
DONE = "+1"
# GitHub itself may touch one just after it was made, see palantir/policy-bot#459.
MINUTE = timedelta(minutes=1)


def said(repository: Repository, comment: int) -> Said | None:
    from github import UnknownObjectException

    # PyGithub reaches it by its issue, whose number is only known once it is here.
    path = f"{repository.url}/issues/comments/{comment}"
    try:
        _, found = repository.requester.requestJsonAndCheck("GET", path)
    except UnknownObjectException:
        return None
    author = found["user"] or {"login": "", "type": ""}  # of an account that is gone
    return Said(
        comment,
        pull=int(found["issue_url"].rpartition("/")[2]),
        author=author["login"],
        text=found["body"] or "",
        by_a_bot=author["type"] == "Bot",
        edited=moment(found["updated_at"]) - moment(found["created_at"]) > MINUTE,
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def may_write(repository: Repository, login: str) -> bool:
    from github import UnknownObjectException

    if not login:
        return False
    try:
        return repository.get_collaborator_permission(login) in WRITERS
    except UnknownObjectException:
        return False


def thank(repository: Repository, said: Said) -> None:
    """A reaction; GitHub keeps one of a kind from each."""
    path = f"{repository.url}/issues/comments/{said.comment}/reactions"
    repository.requester.requestJsonAndCheck("POST", path, input={"content": DONE})


def answered(repository: Repository, pull: Pull, said: Said) -> bool:
    return any(
        mark(said.comment) in comment.body
        and (comment.user.login == pull.author or comment.user.type == "Bot")
        for comment in repository.get_issue(said.pull).get_comments()
    )
