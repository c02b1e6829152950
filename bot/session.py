"""A connection to GitHub's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import retry

if TYPE_CHECKING:
    from github import Github

# GitHub asks for a second between writes: https://docs.github.com/en/rest/
# using-the-rest-api/best-practices-for-using-the-rest-api
PACE = {"requests": 0.25, "writes": 1.0}  # seconds between two


def session(token: str, api: str) -> Github:
    """One that asks for nothing before it is needed, a hundred at a time."""
    from github import Auth, Github

    return Github(
        auth=Auth.Token(token),
        base_url=api,
        retry=retry(),
        lazy=True,
        per_page=100,
        seconds_between_requests=PACE["requests"],
        seconds_between_writes=PACE["writes"],
    )
