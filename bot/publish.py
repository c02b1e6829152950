"""A branch brought to where it should be: by a push, or by a commit GitHub signs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import render
from bot.model import Proposal
from bot.ports import Checkout, Forge, Signing

REGULAR = "100644"


@dataclass(frozen=True, slots=True)
class Published:
    """The proposal with the head its branch has now, and what is to be said of it."""

    proposal: Proposal
    note: str = ""


def published(
    checkout: Checkout, forge: Forge, proposal: Proposal, lease: str | None
) -> Published:
    """Set the branch, which is at `lease` now, and None where it is new.

    GitHub's API has no modes: where a file has another than the usual, the commit that
    was made here is pushed, unsigned. Raises Trouble.
    """
    note = ""
    if proposal.signed:
        files = checkout.added(proposal.base.commit, proposal.head)
        odd = [file.path for file in files if file.mode != REGULAR]
        if not odd:
            tree = checkout.tree(proposal.head)
            work = Signing(proposal, render.message(proposal), files, tree, lease)
            head = forge.sign(work)
            if head is not None:
                return Published(replace(proposal, head=head))
        note = f"; pushed unsigned, as the API would lose the mode of {odd[0]}" * bool(
            odd
        )
    checkout.push(proposal.branch, proposal.head, lease)
    return Published(proposal, note)
