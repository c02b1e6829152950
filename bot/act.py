"""Doing what was planned: each step may be repeated, and all may be cut short."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from bot.model import Proposal, Pull
from bot.notice import SUBJECT, TITLE
from bot.ports import Checkout, Forge, Lasting, Refused
from bot.publish import Published, published
from bot.state import parsed


@dataclass(frozen=True, slots=True)
class Done:
    """A line on what was done, and the pull request as it is then."""

    told: str
    pull: Pull | None = None


def act(checkout: Checkout, forge: Forge, action: Action) -> Done:
    """Do it. Raises Trouble."""
    match action:
        case Leave(branch, reason):
            return Done(f"{branch}: left alone: {reason}")
        case Open(proposal, lease):
            return opened(checkout, forge, proposal, lease)
        case Update():
            return updated(checkout, forge, action)
        case Announce(pull, proposal):
            forge.announce(pull)  # first: else nobody would know that it is still to do
            forge.edit(pull, *words(proposal), pull.base)
            told = f"{pull.branch}: pull request {pull.number} is ready: checks succeed"
            return Done(told, replace(pull, draft=False))
        case Close(pull, lease, why, vetoes):
            last = render.ended(pull.body, parsed(pull.body), why, vetoes)
            forge.close(pull, last)
            checkout.delete(pull.branch, lease)
            told = f"{pull.branch}: pull request {pull.number} closed: {why}"
            return Done(told, replace(pull, open=False))
        case Drop(branch, lease):
            checkout.delete(branch, lease)
            return Done(f"{branch}: deleted, as nothing is left of it")
        case Comment(pull):
            forge.comment(pull, render.TAKEN_OVER)
            told = f"{pull.branch}: pull request {pull.number} is a person's now"
            return Done(told, pull)
        case Tell():
            raise Lasting(f"{action.mistake} ({issue_of(forge, action)})")
        case Settle(notice, body):
            forge.amend(notice, body, closed=True)
            return Done(f"{SUBJECT}: mended; issue {notice.number} closed")


def opened(
    checkout: Checkout, forge: Forge, proposal: Proposal, lease: str | None
) -> Done:
    done = published(checkout, forge, proposal, lease)
    proposal = done.proposal
    title, body = words(proposal)
    # Were we killed before it has its labels, its marker is to show that.
    first = render.body(replace(proposal, head="")) if asks(proposal) else body
    pull = forge.open(proposal, title, first)
    note = done.note + assigned(forge, pull, proposal)
    if parsed(pull.body) != parsed(body):  # so, or it was there already
        forge.edit(pull, title, body, proposal.base.branch)
    return Done(f"{proposal.branch}: pull request {pull.number} opened{note}", pull)


def updated(checkout: Checkout, forge: Forge, action: Update) -> Done:
    pull, done = action.pull, Published(action.proposal)
    if action.lease is not None:
        done = published(checkout, forge, done.proposal, action.lease)
    proposal = done.proposal
    note = done.note + assigned(forge, pull, proposal)
    if pull.comments:
        forge.withdraw(pull)
    # Last: as long as its box is ticked, the next run does all of this again.
    title, body = words(proposal)
    forge.edit(pull, title, body, proposal.base.branch)
    told = f"{proposal.branch}: pull request {pull.number} updated: {action.why}{note}"
    base = proposal.base.branch
    return Done(told, replace(pull, title=title, base=base, head=proposal.head))


def asks(proposal: Proposal) -> bool:
    return bool(proposal.labels or proposal.reviewers or proposal.assignees)


def assigned(forge: Forge, pull: Pull, proposal: Proposal) -> str:
    """Give a new pull its labels and people, once: they may be taken away again."""
    state = parsed(pull.body)
    if not asks(proposal) or state is None or state.head:
        return ""
    try:
        forge.assign(pull, proposal)
    except Refused as error:
        return f"; labels or people were refused: {error}"
    return ""


def issue_of(forge: Forge, action: Tell) -> str:
    """Where people can read of a mistake."""
    if action.known:
        return action.known
    if action.there is not None:
        forge.amend(action.there, action.body, closed=False)
        return f"issue {action.there.number} tells of it"
    try:
        return f"issue {forge.tell(TITLE, action.body)} tells of it"
    except Refused as error:
        return f"no issue tells of it: {error}"


def words(proposal: Proposal) -> tuple[str, str]:
    return render.title(proposal), render.body(proposal)
