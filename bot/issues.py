"""The issues on GitHub that tell of a config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.actions import Notice
from bot.notice import LABEL
from bot.ports import Refused

if TYPE_CHECKING:
    from github.Repository import Repository


def about_config(repository: Repository) -> tuple[Notice, ...]:
    """Those with our label, newest first: only who may write can put it on."""
    if not repository.has_issues:
        return ()
    found = repository.get_issues(
        state="all", labels=[LABEL], sort="created", direction="desc"
    )
    return tuple(
        Notice(issue.number, issue.body or "", issue.state == "open")
        for issue in found
        if issue.pull_request is None
    )


def opened(repository: Repository, title: str, body: str) -> int:
    if not repository.has_issues:
        raise Refused("issues are switched off in this repository")
    return repository.create_issue(title=title, body=body, labels=[LABEL]).number
