"""One repository: observe, plan, act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from bot.act import act
from bot.actions import Action, Leave, Open
from bot.choice import wishes
from bot.mirrors import private_folder
from bot.model import Base, Branch, Checks, Pull, Settings, Situation
from bot.notice import mended, mistaken
from bot.parts import branches
from bot.plan import plan
from bot.ports import Checkout, Clock, Forge, Heads, Lasting, Lost, Refused
from bot.report import Looked
from bot.settings import SettingsError
from bot.shares import Share, proposed, shares
from bot.state import asked_anew, parsed
from bot.survey import (
    Category,
    categories,
)
from bot.tree import Tree, tree_in

HOUR, DAY, YEAR = 3_600, 86_400, 366 * 86_400  # seconds


@dataclass(frozen=True)
class Once:
    """What is asked at most once in a run, and only if it decides about something.

    `pulls` are known, those of the branches `others` not yet.
    """

    forge: Forge
    pulls: Sequence[Pull]
    others: Sequence[str]
    base: Base
    known: dict[str, Checks] = field(default_factory=dict)

    @cached_property
    def everyone(self) -> tuple[Pull, ...]:
        return (*self.pulls, *self.forge.pulls(self.others))

    @cached_property
    def checks_of_base(self) -> Checks:
        return self.checks(self.base.commit)

    def checks(self, commit: str) -> Checks:
        if commit not in self.known:
            self.known[commit] = self.forge.checks(commit)
        return self.known[commit]


@dataclass(frozen=True, slots=True)
class Step:
    """An action, a line on what became of it, and its pull request as it is then."""

    action: Action
    told: str
    pull: Pull | None = None


def unheard(looked: Looked) -> None:
    """Nobody wants to know what was found."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as the bot reaches it.

    `only`: no other codemods, if any. `even_if_idle`: though nobody works on it. The
    witness hears what each codemod found; `results` is a folder that keeps it, so that
    a base that moved costs its changed files.
    """

    checkout: Checkout
    forge: Forge
    clock: Clock
    only: tuple[str, ...] = ()
    even_if_idle: bool = False
    witness: Callable[[Looked], object] = unheard
    results: str | None = None

    def actions(self) -> Iterator[Action]:
        """What is to be done, one category after another.

        What is done about one may be known before the next is looked at. Raises
        Trouble where nothing can be done.
        """
        heads = self.checkout.heads()
        if not heads.default:
            gone = "its default branch is gone" if heads.tips else "it is empty"
            raise Lasting(f"there is nothing to work on: {gone}")
        chosen = [each for each in categories() if self.concerns(each)]
        pulls = self.forge.pulls(
            [branch for each in chosen for branch in branches(each.name, heads.tips)]
        )
        open_ones = sum(pull.open for pull in pulls)
        with private_folder() as folder:
            try:
                tree = tree_in(self.checkout, heads, folder)
                tree = replace(tree, results=self.results)
                yield from self.planned(chosen, tree, heads, pulls)
            except SettingsError as error:
                yield mistaken(str(error), self.forge.notices())
            else:
                yield from mended(self.forge.notices(open_ones))

    def concerns(self, category: Category) -> bool:
        return not self.only or category.name in self.only

    def planned(
        self,
        chosen: Sequence[Category],
        tree: Tree,
        heads: Heads,
        pulls: Sequence[Pull],
    ) -> Iterator[Action]:
        others = [
            branch
            for each in categories()
            if not self.concerns(each)
            for branch in branches(each.name, heads.tips)
        ]
        once = Once(self.forge, pulls, others, tree.base)
        opened = 0
        for category in chosen:
            seen_by = partial(self.checks_of, heads=heads, once=once)
            here = shares(
                self.checkout,
                self.forge,
                category,
                tree,
                heads,
                pulls,
                seen_by,
                self.witness,
            )
            for share in here:
                seen = self.situation(share, tree, heads, once)
                if seen.pull is None and seen.proposal is not None:
                    seen = self.before_opening(seen, tree, once, opened)
                action = plan(seen)
                opened += isinstance(action, Open)
                yield action

    def situation(
        self, share: Share, tree: Tree, heads: Heads, once: Once
    ) -> Situation:
        head = heads.tips.get(share.branch)
        branch = self.checkout.branch(share.branch, head) if head else None
        pulls = share.pulls
        if branch is not None:
            pulls = tuple(self.with_comments(pull, branch) for pull in pulls)
        seen = Situation(
            codemod=share.category.name,
            branch_name=share.branch,
            wanted=share.wanted,
            off=share.off,
            proposal=proposed(self.checkout, share, tree),
            branch=branch,
            pulls=pulls,
            vetoes=wishes(pulls).vetoes,
        )
        return replace(seen, checks=self.checks(seen.pull, branch, once))

    def with_comments(self, pull: Pull, branch: Branch) -> Pull:
        if not pull.open or (branch.ours and not asked_anew(pull.body)):
            return pull
        return replace(pull, comments=self.forge.comments(pull))

    def checks_of(self, pull: Pull, heads: Heads, once: Once) -> Checks:
        head = heads.tips.get(pull.branch)
        branch = self.checkout.branch(pull.branch, head) if head else None
        if branch is None or not branch.ours:
            return Checks("none")
        return self.checks(pull, branch, once)

    def checks(self, pull: Pull | None, branch: Branch | None, once: Once) -> Checks:
        """Those of a draft that waits for them, without what fails on the base too."""
        state = parsed(pull.body) if pull is not None and pull.draft else None
        if pull is None or state is None or not state.checks or branch is None:
            return Checks("none")
        found = once.checks(branch.head)
        match found.outcome:
            case "none" if self.clock.now() - pull.updated < HOUR:
                return Checks("running")
            case "failed":
                known = set(once.checks_of_base.failing)
                ours = tuple(name for name in found.failing if name not in known)
                return Checks("failed", ours) if ours else Checks("passed")
        return found

    def before_opening(
        self, seen: Situation, tree: Tree, once: Once, opened: int
    ) -> Situation:
        idle = self.clock.now() - tree.base.time > YEAR
        if idle and not (self.even_if_idle or tree.settings.even_if_idle):
            return replace(seen, refusal="nobody has committed for a year")
        refusal = too_many(once.everyone, opened, tree.settings, self.clock.now())
        if refusal or (seen.proposal is not None and seen.proposal.draft):
            return replace(seen, refusal=refusal)
        return replace(seen, checks=once.checks_of_base)

    def run(self) -> Iterator[str]:
        """Observe, plan and act; a line for each category.

        Raises Trouble, at the end for what was refused for one branch.
        """
        for step in self.steps():
            yield step.told

    def steps(self) -> Iterator[Step]:
        """The same with each action; one that came to nothing is a Leave."""
        refused: list[str] = []
        for action in self.actions():
            try:
                done = act(self.checkout, self.forge, action)
                yield Step(action, done.told, done.pull)
            except Lost as error:
                told = f"left for the next run: {error}"
                yield Step(Leave("", told), told)
            except Refused as error:
                refused.append(str(error))
        if refused:
            raise Lasting("; ".join(refused))


def too_many(
    pulls: Sequence[Pull], opened: int, settings: Settings, now: int
) -> str | None:
    """Why no more pull requests may be opened now, `opened` being so just now."""
    if sum(pull.open for pull in pulls) + opened >= settings.max_open:
        return f"enough pull requests are open (max-open is {settings.max_open})"
    new = sum(pull.created > now - DAY for pull in pulls)
    if new + opened >= settings.max_new_a_day:
        most = settings.max_new_a_day
        return f"enough were opened within a day (max-new-a-day is {most})"
    return None
