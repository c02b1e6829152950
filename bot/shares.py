"""What each pull request has of a category, and its branch as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import render
from bot.choice import Choice, choose, wishes
from bot.model import Checks, File, Proposal, Pull
from bot.parts import WHOLE, branch_of, branches, divided
from bot.ports import Checkout, Forge, Heads
from bot.report import Looked, places_of
from bot.search import Progress, remembered, searched
from bot.state import parsed
from bot.survey import Category, Found, UsageError
from bot.tree import Tree, found, parting, rewritten, worded


@dataclass(frozen=True, slots=True)
class Share:
    """What one pull request has of a category.

    `wanted` is False where the config asks for none such, or a person does not want it
    (`off`); `choice` is None where the branch is there and nothing is to be on it.
    """

    category: Category
    branch: str
    part: str
    wanted: bool
    off: bool
    pulls: tuple[Pull, ...]
    choice: Choice | None
    files: Mapping[str, File]
    progress: Progress


def shares(
    checkout: Checkout,
    forge: Forge,
    category: Category,
    tree: Tree,
    heads: Heads,
    known: Sequence[Pull],
    checks: Callable[[Pull], Checks],
    witness: Callable[[Looked], object],
) -> Iterator[Share]:
    """One for each branch that a category has or is to have.

    What was turned down in one of its pull requests holds for all. `known` are the
    pulls of the branches that are there; `checks` tells those of a draft that waits for
    them; the witness hears what was found. Raises SettingsError and Trouble.
    """
    there = branches(category.name, heads.tips)
    mine = [each for each in known if each.branch in there]
    wanted = tree.settings.selects(category.name) and not wishes(mine).off
    try:
        seen = found(tree, category) if wanted else Found()
    except UsageError as error:
        raise tree.mistake(error) from error
    parts = divided(seen.changes, parting(checkout, tree))
    names = {branch_of(category.name, part): part for part in parts}
    new = sorted(set(names) - set(there))
    pulls = [*mine, *forge.pulls(new)]
    said = wishes(pulls)
    choices = {
        part: choose(category.name, changes, said, tree.settings, tree.paths)
        for part, changes in parts.items()
    }
    progress: dict[str, Progress] = {}
    for part, choice in choices.items():
        pull = open_one(pulls, branch_of(category.name, part))
        if tree.settings.bisect and pull is not None:
            told = remembered(parsed(pull.body))
            choices[part], progress[part] = searched(choice, told, checks(pull))
    places = places_of(seen.changes, choices.values())
    witness(Looked(category.name, tree.base, places, tuple(pulls)))
    files = rewritten(tree, category, seen, choices.values())
    for branch in sorted({*there, *names}):
        asked = branch in names or of_this_split(branch, tree.settings.split, names)
        yield Share(
            category,
            branch,
            part=names.get(branch, WHOLE),
            wanted=wanted and asked and not said.off,
            off=said.off,
            pulls=tuple(pull for pull in pulls if pull.branch == branch),
            choice=choices[names[branch]] if branch in names else None,
            files=files,
            progress=progress.get(names.get(branch, WHOLE), Progress()),
        )


def open_one(pulls: Sequence[Pull], branch: str) -> Pull | None:
    return next((each for each in pulls if each.open and each.branch == branch), None)


def of_this_split(branch: str, split: str, names: Mapping[str, str]) -> bool:
    """Whether a branch without findings is not just one of another split."""
    main = "." not in branch
    return not (main and names) if split else main


def proposed(checkout: Checkout, share: Share, tree: Tree) -> Proposal | None:
    """The branch as it should be, its commit made here and not yet pushed."""
    if share.choice is None:
        return None
    paths = sorted({change.path for change in share.choice.made})
    files = [share.files[path] for path in paths if path in share.files]
    if not files:
        return None
    said = wishes(share.pulls)
    made = worded(share.category, tree, share.part, said, share.choice, files)
    head = checkout.commit(made.base, files, render.message(made))
    at = share.progress
    return replace(
        made,
        head=head,
        search=at.search,
        because=at.because,
        suspects=at.suspects,
        blamed=at.blamed,
    )
