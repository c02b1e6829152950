"""Doing what a comment asks for. What a box can say is said by a click on it, and done
by a run: each step may be repeated, and all may be cut short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot import answers
from bot.clicks import Refusal, heard
from bot.mirrors import private_folder
from bot.model import Change, Pull
from bot.orders import Explain, Order, Unknown, orders
from bot.parts import branches, codemod_of
from bot.ports import Said, Talk
from bot.run import Repository, Step
from bot.settings import SettingsError
from bot.state import parsed
from bot.survey import UsageError, categories, found, pages
from bot.tree import tree_in

Steps = Callable[[Repository], Iterator[Step]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A comment, by its number and that of the pull request that it is in."""

    pull: int
    comment: int


def obey(here: Repository, talk: Talk, asking: Asking, steps: Steps) -> Iterator[str]:
    """Do what a comment in a pull request asks for; a line for each thing done.

    What is no command, or not for us, or from somebody who may not write to the
    repository, is passed over in silence. Raises Trouble.
    """
    said = talk.said(asking.comment)
    if said is None or said.pull != asking.pull or not orders_in(said):
        yield f"comment {asking.comment}: asks for nothing"
        return
    pulls = ours(here, said.pull)
    if not pulls:
        yield f"comment {said.comment}: not in a pull request of ours"
    elif not talk.may_write(said.author):
        yield f"comment {said.comment}: its author may not write to the repository"
    else:
        yield from done(here, talk, said, pulls, steps)


def orders_in(said: Said) -> tuple[Order, ...]:
    """The commands of a comment that is as its author wrote it."""
    if said.by_a_bot or said.edited or answers.is_answer(said.text):
        return ()
    return orders(said.text)


def ours(here: Repository, number: int) -> tuple[Pull, ...]:
    """One of our pull requests, and all the others of its codemod; else nothing."""
    pull = here.forge.pull(number)
    codemod = codemod_of(pull.branch)
    if codemod not in {category.name for category in categories()}:
        return ()
    tips = here.checkout.heads().tips
    names = dict.fromkeys([pull.branch, *branches(codemod, tips)])
    pulls = here.forge.pulls(tuple(names))
    # A fork's pull request of such a branch is not among them.
    return pulls if number in {each.number for each in pulls} else ()


def done(
    here: Repository, talk: Talk, said: Said, pulls: tuple[Pull, ...], steps: Steps
) -> Iterator[str]:
    (pull,) = (each for each in pulls if each.number == said.pull)
    asked = orders_in(said)
    boxes = [order for order in asked if not isinstance(order, Explain | Unknown)]
    after, refusals = pulls, list[str]()
    for order in boxes:
        outcome = heard(order, said.pull, after)
        if isinstance(outcome, Refusal):
            refusals.append(outcome.why)
        else:
            after = outcome
    for old, new in zip(pulls, after, strict=True):
        if new.body != old.body:
            here.forge.edit(old, old.title, new.body, old.base)
            yield f"{old.branch}: pull request {old.number}: boxes as was asked for"
    if len(refusals) < len(boxes):
        mine = replace(here, only=(codemod_of(pull.branch),))
        yield from (step.told for step in steps(mine))
        talk.thank(said)
    words = [*refusals, *explanations(here, asked, pull)]
    words += [answers.UNKNOWN] * any(isinstance(each, Unknown) for each in asked)
    if words and not talk.answered(pull, said):
        here.forge.comment(pull, answers.answer(said.comment, words))
        yield f"comment {said.comment}: answered"


def explanations(here: Repository, asked: Sequence[Order], pull: Pull) -> Iterator[str]:
    mine, known = codemod_of(pull.branch), pages()
    for order in asked:
        match order:
            case Explain(name) if name and name not in known:
                yield answers.no_such(sorted(known))
            case Explain(name):
                unsafe = unsafe_in(here, pull) if name in ("", mine) else ()
                yield answers.explained(known[name or mine], unsafe)


def unsafe_in(here: Repository, pull: Pull) -> tuple[Change, ...]:
    """The unsafe fixes that a pull request makes or offers, as the base is now."""
    state = parsed(pull.body)
    keys = {*state.proposed, *state.offered} if state is not None else set[str]()
    return tuple(
        change
        for change in findings(here, codemod_of(pull.branch))
        if change.tier == "unsafe" and change.key in keys
    )


def findings(here: Repository, codemod: str) -> list[Change]:
    """What a codemod finds in the base; nothing where the config has a mistake."""
    (category,) = (each for each in categories() if each.name == codemod)
    with private_folder() as folder:
        try:
            tree = tree_in(here.checkout, here.checkout.heads(), folder)
            return found(tree.folder, category, here.results).changes
        except (SettingsError, UsageError):
            return []
