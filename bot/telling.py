"""The plan for people: what a dry run prints."""

from __future__ import annotations

from collections.abc import Iterator

from bot import render
from bot.actions import (
    Action,
    Announce,
    Close,
    Comment,
    Drop,
    Leave,
    Open,
    Settle,
    Tell,
    Update,
)
from bot.run import Repository, Step


def proposed(here: Repository) -> Iterator[Step]:
    """What a run would do, and the bodies it would write. Raises Trouble."""
    for action in here.actions():
        yield Step(action, "\n".join(told(action)))


def told(action: Action) -> Iterator[str]:
    """A step of the plan, for people."""
    match action:
        case Leave(branch, reason):
            yield f"leave {branch}: {reason}"
        case Open(proposal):
            yield f"open {proposal.branch}: {render.title(proposal)}\n"
            yield render.body(proposal)
        case Update(pull, proposal, why=why):
            yield f"update {pull.branch}: {why}: {render.title(proposal)}\n"
            yield render.body(proposal)
        case Close(pull, why=why):
            yield f"close {pull.branch}: {why}"
        case Drop(branch):
            yield f"delete {branch}: nothing is left of it"
        case Announce(pull):
            yield f"ready {pull.branch}: its checks succeed"
        case Tell(mistake, known=known):
            yield f"nothing: {mistake} ({known or 'an issue is to tell of it'})"
        case Settle(notice):
            yield f"close issue {notice.number}: the configuration is mended"
        case Comment(pull):
            yield f"leave {pull.branch}: a person pushed here; the branch is theirs"
