"""GitHub's errors as ours, and which requests are sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from bot.hiding import hiding
from bot.ports import Lasting, Refused, Trouble

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5
LONGEST_WAIT = 60  # seconds for a rate limit; beyond it the next run is for
# A POST that was answered with 502 may have been done: it is never sent again.
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
RATE_LIMIT = "GitHub's rate limit is used up; the next run goes on"
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
        from github import GithubException, RateLimitExceededException
        from requests import RequestException
    except ImportError as error:
        raise Trouble("needs PyGithub: pip install 'codemod[bot]'") from error
    try:
        yield
    except RateLimitExceededException:
        raise Trouble(RATE_LIMIT) from None
    except GithubException as error:
        raise kind(error.status)(told(error.status, error.data)) from None
    except RuntimeError as error:  # PyGithub's word for a redirect to another host
        raise Trouble(f"GitHub sends us elsewhere: {error}") from None
    except RequestException as error:
        raise Trouble(f"GitHub does not answer: {type(error).__name__}") from None


def kind(status: int) -> type[Trouble]:
    if status in (410, 422):
        return Refused
    return Lasting if status in (404, 451) else Trouble


def told(status: int, data: object) -> str:
    """What GitHub says, without what was sent, should it show that."""
    found = data if isinstance(data, dict) else {}
    words = [str(found.get("message", ""))]
    if "rate limit" in words[0].lower():
        return RATE_LIMIT
    for error in found.get("errors") or ():
        words.append(str(error.get("message") or " ".join(map(str, error.values()))))
    said = hiding("; ".join(each for each in words if each))[:500]
    return REFUSALS.get(status, f"GitHub answers {status}") + f" ({said})" * bool(said)


def retry() -> Any:
    """When a request is sent again: never for longer than the next run is away."""
    from github import GithubRetry, RateLimitExceededException

    class Patient(GithubRetry):
        def increment(self, *given: Any, **named: Any) -> Any:
            response = named.get("response")
            if response is not None:
                asked = response.headers.get("Retry-After", "")
                if asked.isdecimal() and int(asked) > LONGEST_WAIT:
                    raise RateLimitExceededException(response.status)
            return super().increment(*given, **named)

    return Patient(
        total=TRIES, max_rate_limit_wait=LONGEST_WAIT, allowed_methods=REPEATABLE
    )
