"""A merged pull request taken back: one that reverts it, opened once."""

from __future__ import annotations

from collections.abc import Sequence

from bot import render
from bot.model import Base, File, Proposal, Pull, digest_of
from bot.ports import Checkout, Forge, Trouble
from bot.state import State, parsed

BRANCH = "codemod-revert/"


def revert(checkout: Checkout, forge: Forge, number: int) -> str:
    """Open the pull request that takes back one of ours; what was done.

    Its changes are not proposed again. Run twice, the second finds the first's. Raises
    Trouble for a pull that is not merged or not the bot's, and where the code has
    changed so that this has to be done by hand.
    """
    pull = forge.pull(number)
    state = parsed(pull.body)
    if state is None:
        raise Trouble(f"pull request {number} is not the bot's")
    if not pull.merged:
        raise Trouble(f"pull request {number} is not merged: close it instead")
    branch = f"{BRANCH}{number}"
    there = next((each for each in forge.pulls([branch]) if each.open), None)
    if there is None:
        there = opened(checkout, forge, pull, state, branch)
    last = render.taken_back(pull.body, state, there.number)
    if last != pull.body:
        forge.edit(pull, pull.title, last, pull.base)
    return f"{branch}: pull request {there.number} takes back {number}"


def opened(
    checkout: Checkout, forge: Forge, pull: Pull, state: State, branch: str
) -> Pull:
    heads = checkout.heads()
    if pull.base not in heads.tips:
        raise Trouble(f"the base branch {pull.base!r} does not exist")
    base = checkout.base(pull.base, heads.tips[pull.base])
    undone = checkout.undone(base, pull.merge)
    if undone.conflicts:
        paths = ", ".join(undone.conflicts)
        raise Trouble(f"changed since, so revert by hand: {paths}")
    if not undone.files:
        raise Trouble(f"nothing of pull request {pull.number} is left to take back")
    proposal = backwards(base, pull, state, branch, undone.files)
    message = render.revert_message(proposal, pull)
    head = checkout.commit(base, undone.files, message)
    checkout.push(branch, head, lease(checkout, branch, heads.tips.get(branch)))
    title, body = render.revert_words(pull, undone.files)
    return forge.open(proposal, title, body)


def backwards(
    base: Base, pull: Pull, state: State, branch: str, files: Sequence[File]
) -> Proposal:
    """The revert as a proposal that has no changes of a codemod."""
    return Proposal(
        codemod=state.codemod,
        headline=pull.title,
        branch=branch,
        base=base,
        head="",
        result=digest_of(files),
        version=state.version,
        config=state.config,
        made=(),
    )


def lease(checkout: Checkout, branch: str, head: str | None) -> str | None:
    """Where the branch may be replaced: a run that was cut short left it."""
    if head is not None and not checkout.branch(branch, head).ours:
        raise Trouble(f"a branch {branch} is someone else's")
    return head
