"""Commands as clicks: the boxes of pull requests as a comment asks for them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import answers
from bot.model import Pull
from bot.orders import Ignore, Order, Rebase, Unignore
from bot.parts import codemod_of
from bot.state import (
    IGNORE,
    KEY,
    REBUILD,
    State,
    clicked,
    parsed,
    turned_off,
    with_vetoes,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that cannot be done, and why: Markdown for who gave it."""

    why: str


def heard(
    order: Order, number: int, pulls: Sequence[Pull]
) -> tuple[Pull, ...] | Refusal:
    """All of a codemod's pulls as they are once a command in one of them is heard."""
    (pull,) = (each for each in pulls if each.number == number)
    codemod = codemod_of(pull.branch)
    match order:
        case Rebase() if not pull.open:
            return Refusal(answers.CLOSED)
        case Rebase():
            return of_one(pulls, pull, clicked(pull.body, REBUILD, True))
        case Ignore(name) if name == codemod:
            return of_one(pulls, pull, clicked(pull.body, IGNORE, True))
        case Unignore(name) if name == codemod:
            return tuple(map(turned_on, pulls))
        case Ignore(name) | Unignore(name):
            body = with_change(pull, name, wanted=isinstance(order, Unignore))
            return body if isinstance(body, Refusal) else of_one(pulls, pull, body)
    return tuple(pulls)


def of_one(pulls: Sequence[Pull], pull: Pull, body: str) -> tuple[Pull, ...]:
    return tuple(replace(pull, body=body) if each is pull else each for each in pulls)


def turned_on(pull: Pull) -> Pull:
    if not turned_off(pull.body):
        return pull
    return replace(pull, body=clicked(pull.body, IGNORE, False))


def with_change(pull: Pull, name: str, wanted: bool) -> str | Refusal:
    """The body once the changes of a key or a fingerprint are wanted, or not."""
    state = parsed(pull.body)
    known = (*state.proposed, *state.offered, *state.vetoed) if state else ()
    keys = [key for key in dict.fromkeys(known) if name in (key, key.partition(".")[0])]
    if not keys:
        is_key = KEY.fullmatch(name) or KEY.fullmatch(f"{name}.{0:08x}")
        missing = answers.no_change(name) if is_key else None
        return Refusal(missing or answers.other(codemod_of(pull.branch)))
    if wanted and turned_down_whole(pull, state):
        return Refusal(answers.TURNED_DOWN)
    body = pull.body
    for key in keys:
        body = clicked(body, key, wanted)
    return body if wanted else with_vetoes(body, keys)


def turned_down_whole(pull: Pull, state: State | None) -> bool:
    """Whether a person closed it: then no box of its own brings a change back."""
    by_us = state is not None and bool(state.ended)
    return not pull.open and not pull.merged and not by_us
