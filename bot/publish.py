"""A branch brought to where it should be: by a push, or by a commit GitHub signs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import render
from bot.annotations import urgent
from bot.model import Proposal
from bot.ports import Checkout, Forge, Signing, Trouble

REGULAR = "100644"


@dataclass(frozen=True, slots=True)
class Published:
    """The proposal with the head its branch has now, and what is to be said of it."""

    proposal: Proposal
    note: str = ""


def published(
    checkout: Checkout, forge: Forge, proposal: Proposal, lease: str | None
) -> Published:
    """Set the branch and show beside its code what needs a person. Raises Trouble."""
    local = proposal.head
    done = set_branch(checkout, forge, proposal, lease)
    note = annotated(checkout, forge, done.proposal, local)
    return replace(done, note=done.note + note)


def annotated(checkout: Checkout, forge: Forge, proposal: Proposal, local: str) -> str:
    """`local` is the commit here that has the branch's files."""

    def texts(path: str) -> tuple[bytes, bytes]:
        base = checkout.file(proposal.base.commit, path)
        return base or b"", checkout.file(local, path) or b""

    found = urgent(proposal, texts) if proposal.annotated else ()
    if not found:
        return ""
    try:
        forge.annotate(proposal.head, proposal.codemod, found)
    except Trouble as error:
        return f"; annotations were refused: {error}"
    return ""


def set_branch(
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
