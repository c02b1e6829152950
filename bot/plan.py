"""From what is seen to what is done: pure, without clock, network or order of sets."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import Action, Announce, Close, Comment, Drop, Leave, Open, Update
from bot.model import WAITING, Branch, Proposal, Pull, Situation
from bot.state import State, asked_anew, parsed

SWITCHED_OFF = "The configuration no longer asks for this pull request."
TURNED_OFF = (
    "Someone asked for none of this in this repository. Untick that at the end of this "
    "text, and it is proposed again."
)
ALL_VETOED = "Every change of this pull request was turned down."
GONE = "The code that this pull request was about is no longer there."


def plan(seen: Situation) -> Action:
    """The one thing to do about a category now."""
    match seen.pull, seen.branch:
        case None, _:
            return without_pull(seen)
        case _, None:
            return Leave(seen.branch_name, "the branch is gone, its pull about to be")
        case Pull() as pull, Branch(ours=False) if not asked_anew(pull.body):
            return taken_over(seen, pull)
        case Pull() as pull, Branch() as branch:
            return of_ours(seen, pull, branch)
    raise AssertionError(seen)


def without_pull(seen: Situation) -> Action:
    branch = seen.branch
    idle = seen.proposal is None or not seen.wanted
    if idle and branch is not None and branch.ours and left_behind(seen):
        return Drop(branch.name, branch.head)
    match seen:
        case Situation(off=True):
            reason = "turned off in a pull request"
        case Situation(wanted=False):
            reason = "not selected"
        case Situation(proposal=None):
            reason = "nothing that was not turned down" if seen.vetoes else "nothing"
            reason += " to propose"
        case Situation(branch=Branch(ours=False)):
            reason = "a branch of this name is someone else's"
        case Situation(refusal=str(refusal)):
            reason = refusal
        case Situation(proposal=Proposal() as proposal, branch=branch):
            return Open(verified(proposal, seen), branch.head if branch else None)
    return Leave(seen.branch_name, reason)


def verified(proposal: Proposal, seen: Situation) -> Proposal:
    """Where the base has checks, people are asked only when the branch has passed."""
    if proposal.draft or seen.checks.outcome == "none":
        return proposal
    return replace(proposal, draft=True, checks=WAITING)


def left_behind(seen: Situation) -> bool:
    """Whether a run that was cut short left the branch, before or after its pull."""
    if not seen.pulls:
        return True
    state = parsed(seen.pulls[0].body)
    return state is not None and bool(state.ended)


def taken_over(seen: Situation, pull: Pull) -> Action:
    """A person pushed: the branch is theirs until a box gives it back."""
    if not pull.comments:
        return Comment(pull)
    return Leave(seen.branch_name, "a person pushed here; the branch is theirs")


def of_ours(seen: Situation, pull: Pull, branch: Branch) -> Action:
    """Nobody else pushed, or a person gave the branch back: rebuilt where its content
    differs, else at most reworded."""
    if not seen.wanted:
        why = TURNED_OFF if seen.off else SWITCHED_OFF
        return Close(pull, branch.head, why, seen.vetoes)
    state = parsed(pull.body)
    proposal = seen.proposal
    if proposal is None:
        vetoed = state is not None and not seen.vetoes.isdisjoint(state.proposed)
        return Close(pull, branch.head, ALL_VETOED if vetoed else GONE, seen.vetoes)
    proposal = renewed(pull, proposal)
    if difference := differing(pull, branch, state, proposal):
        return Update(pull, proposal, branch.head, difference)
    assert state is not None
    # What is on the branch stays there, base and all: its checks would start again.
    base = replace(proposal.base, commit=state.base)
    told = seen.checks.told if proposal.checks else ""
    same = replace(proposal, head=branch.head, base=base, checks=told)
    if proposal.checks and not told:
        return Announce(pull, same)
    if difference := told_otherwise(state, same):
        return Update(pull, same, None, difference)
    return Leave(seen.branch_name, LEFT[told.partition("\n")[0]])


LEFT = {
    "": "up to date",
    "waiting": "a draft until its checks succeed",
    "failed": "a draft, as checks fail",
}


def renewed(pull: Pull, proposal: Proposal) -> Proposal:
    """What to push in place of what is there: a draft waits for its checks again."""
    state = parsed(pull.body)
    if pull.draft and state is not None and state.checks:
        return replace(proposal, checks=WAITING)
    return proposal


def differing(
    pull: Pull, branch: Branch, state: State | None, proposal: Proposal
) -> str | None:
    """Why the branch has to be pushed again, if it has."""
    if not branch.ours:
        return "a person gave the branch back"
    if asked_anew(pull.body):  # by a person, and the last run may have been killed
        return "a person asked for it anew"
    if branch.result != proposal.result:
        return "the result differs"
    if pull.base != proposal.base.branch:
        return "the base is another branch"
    if state is None:
        return "the body lost its state"
    if state.head != branch.head:
        return "the body tells of another commit"
    if set(state.proposed) != {change.key for change in proposal.made}:
        return "other changes are proposed"
    return None


def told_otherwise(state: State, proposal: Proposal) -> str | None:
    """Why the body has to be written again, if it has."""
    if state.checks != proposal.checks:
        return "the checks say something else"
    if set(state.vetoed) != proposal.vetoes:
        return "other changes were turned down"
    if set(state.offered) != {change.key for change in proposal.offered}:
        return "other changes are offered"
    return None
