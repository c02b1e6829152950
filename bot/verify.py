"""Whether a pull request holds what its body says, derived again from the base."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bot.mirrors import private_folder
from bot.model import Base, Pull
from bot.ports import Checkout
from bot.state import State, parsed
from bot.survey import UsageError, categories, derived
from codemods import __version__


@dataclass(frozen=True, slots=True)
class Identical:
    """The pull's tree is what the codemod makes of its base, to the byte."""

    base: str
    files: int


@dataclass(frozen=True, slots=True)
class Different:
    """It is not. `paths` are those that differ, none where only the parent does."""

    why: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be derived here, and why."""

    why: str


def verify(checkout: Checkout, pull: Pull) -> Identical | Different | Unknown:
    """Derive a pull's branch from base, version and changes named in its body.

    Raises Trouble where the commits cannot be had.
    """
    state = parsed(pull.body)
    if state is None:
        return Unknown("its body does not say from what it was made")
    if state.version != __version__:
        return Unknown(f"codemod {state.version} made it; this is {__version__}")
    if state.codemod not in {category.name for category in categories()}:
        return Unknown(f"there is no codemod {state.codemod!r} here")
    # The API may lag behind a push; once merged, the branch may be anything.
    tip = checkout.heads().tips.get(pull.branch) if pull.open else None
    head = tip or pull.head
    if checkout.parents(head) != (state.base,):
        return Different(f"it is not one commit on {state.base}")
    return compared(checkout, checkout.base(pull.base, state.base), state, head)


def compared(
    checkout: Checkout, base: Base, state: State, head: str
) -> Identical | Different | Unknown:
    with private_folder() as above:
        folder = os.path.join(above, base.commit)
        checkout.export(base.commit, folder)
        try:
            files = derived(folder, state.codemod, frozenset(state.proposed))
        except UsageError as error:
            return Unknown(str(error).replace(folder, "").lstrip("/"))
    ours = checkout.commit(base, files, "verify\n")
    paths = checkout.differing(ours, head)
    if paths:
        return Different("its files are not what the codemod makes of the base", paths)
    return Identical(base.commit, len(files))
