"""One repository: observe, plan, act."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from bot import render, settings
from bot.choice import Choice, Wishes, wishes
from bot.mirrors import private_folder
from bot.model import (
    Action,
    Base,
    Close,
    Comment,
    Drop,
    File,
    Leave,
    Open,
    Proposal,
    Pull,
    Settings,
    Situation,
    Update,
    digest_of,
)
from bot.plan import plan
from bot.ports import Checkout, Clock, Forge, Heads, Lost, Trouble
from bot.state import parsed
from bot.survey import Category, UsageError, categories, rewritten
from codemods import __version__

PREFIX = "codemod/"
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Tree:
    """The base's files in a folder, and what the repository asks for."""

    folder: str
    base: Base
    paths: tuple[str, ...]
    settings: Settings

    @property
    def config(self) -> str:
        return sha256(repr(self.settings).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as the bot reaches it. `only`: no other codemods, if any."""

    checkout: Checkout
    forge: Forge
    clock: Clock
    only: tuple[str, ...] = ()

    def actions(self) -> Iterator[Action]:
        """What is to be done, one category after another.

        What is done about one may be known before the next is looked at. Raises
        Trouble where nothing can be done.
        """
        heads = self.checkout.heads()
        if not heads.default:
            raise Trouble("the repository is empty")
        chosen = [each for each in categories() if self.concerns(each)]
        pulls = self.forge.pulls([PREFIX + category.name for category in chosen])
        with private_folder() as folder:
            tree = self.tree(heads, folder)
            budget = room(pulls, tree.settings, self.clock.now())
            for category in chosen:
                action = plan(self.situation(category, tree, heads, pulls, budget))
                budget -= isinstance(action, Open)
                yield action

    def concerns(self, category: Category) -> bool:
        return not self.only or category.name in self.only

    def tree(self, heads: Heads, above: str) -> Tree:
        base = self.checkout.base(heads.default, heads.tips[heads.default])
        folder = os.path.join(above, base.commit)
        paths = self.checkout.export(base.commit, folder)
        names = tuple(category.name for category in categories())
        try:
            asked = settings.load(folder, names)
        except settings.SettingsError as error:
            raise Trouble(str(error)) from error
        if asked.base in ("", base.branch):
            return Tree(folder, base, paths, asked)
        if asked.base not in heads.tips:
            raise Trouble(f"the base branch {asked.base!r} does not exist")
        base = self.checkout.base(asked.base, heads.tips[asked.base])
        folder = os.path.join(above, asked.base.replace("/", "-"))
        paths = self.checkout.export(base.commit, folder)
        return Tree(folder, base, paths, asked)

    def situation(
        self,
        category: Category,
        tree: Tree,
        heads: Heads,
        pulls: Sequence[Pull],
        budget: int,
    ) -> Situation:
        name = PREFIX + category.name
        ours = tuple(pull for pull in pulls if pull.branch == name)
        said = wishes(ours)
        wanted = tree.settings.selects(category.name)
        head = heads.tips.get(name)
        branch = self.checkout.branch(name, head) if head else None
        if branch is not None and not branch.ours:
            ours = tuple(map(self.with_comments, ours))
        return Situation(
            codemod=category.name,
            branch_name=name,
            wanted=wanted,
            proposal=self.proposal(category, tree, said) if wanted else None,
            branch=branch,
            pulls=ours,
            vetoes=said.vetoes,
            refusal=None if budget > 0 else "enough pull requests for now",
        )

    def with_comments(self, pull: Pull) -> Pull:
        if not pull.open:
            return pull
        return replace(pull, comments=self.forge.comments(pull))

    def proposal(self, category: Category, tree: Tree, said: Wishes) -> Proposal | None:
        """The branch as it should be, its commit made here and not yet pushed."""
        try:
            choice, files = rewritten(
                tree.folder, category, said, tree.settings, tree.paths
            )
        except UsageError as error:
            message = str(error).replace(tree.folder, "").lstrip("/")
            raise Trouble(message) from error
        if not files:
            return None
        return self.committed(worded(category, tree, said, choice, files), files)

    def committed(self, proposal: Proposal, files: Sequence[File]) -> Proposal:
        message = render.message(proposal)
        head = self.checkout.commit(proposal.base, files, message)
        return replace(proposal, head=head)

    def act(self, action: Action) -> str:
        """Do it; what was done. Each step may be repeated, and all may be cut short.

        Raises Trouble.
        """
        match action:
            case Leave(branch, reason):
                return f"{branch}: left alone: {reason}"
            case Open(proposal, lease):
                return self.opened(proposal, lease)
            case Update(pull, proposal, lease, why):
                self.checkout.push(proposal.branch, proposal.head, lease)
                words = render.title(proposal), render.body(proposal)
                self.forge.edit(pull, *words, proposal.base.branch)
                if pull.comments:
                    self.forge.withdraw(pull)
                return f"{proposal.branch}: pull request {pull.number} updated: {why}"
            case Close(pull, lease, why, vetoes):
                last = render.ended(pull.body, parsed(pull.body), why, vetoes)
                self.forge.close(pull, last)
                self.checkout.delete(pull.branch, lease)
                return f"{pull.branch}: pull request {pull.number} closed: {why}"
            case Drop(branch, lease):
                self.checkout.delete(branch, lease)
                return f"{branch}: deleted, as nothing is left of it"
            case Comment(pull):
                self.forge.comment(pull, render.TAKEN_OVER)
                return f"{pull.branch}: pull request {pull.number} is a person's now"

    def opened(self, proposal: Proposal, lease: str | None) -> str:
        self.checkout.push(proposal.branch, proposal.head, lease)
        words = render.title(proposal), render.body(proposal)
        pull = self.forge.open(proposal, *words)
        if parsed(pull.body) != parsed(words[1]):  # it was there already
            self.forge.edit(pull, *words, proposal.base.branch)
        return f"{proposal.branch}: pull request {pull.number} opened"

    def run(self) -> Iterator[str]:
        """Observe, plan and act; a line for each category. Raises Trouble."""
        for action in self.actions():
            try:
                yield self.act(action)
            except Lost as error:
                yield f"left for the next run: {error}"


def room(pulls: Sequence[Pull], settings: Settings, now: int) -> int:
    """How many pull requests may be opened now."""
    open_ones = sum(pull.open for pull in pulls)
    new = sum(pull.created > now - DAY for pull in pulls)
    return min(settings.max_open - open_ones, settings.max_new_a_day - new)


def worded(
    category: Category,
    tree: Tree,
    said: Wishes,
    choice: Choice,
    files: Sequence[File],
) -> Proposal:
    only_unsafe = all(change.tier == "unsafe" for change in choice.made)
    return Proposal(
        codemod=category.name,
        headline=category.headline,
        branch=PREFIX + category.name,
        base=tree.base,
        head="",
        result=digest_of(files),
        version=__version__,
        config=tree.config,
        made=choice.made,
        offered=choice.offered,
        vetoed=choice.vetoed,
        later=choice.later,
        declined=choice.declined,
        draft=tree.settings.draft or only_unsafe,
        vetoes=said.vetoes,
    )
