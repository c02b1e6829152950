"""The base's files in a folder, and what a category makes of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot import settings, survey
from bot.choice import Choice, Wishes
from bot.mirrors import private_folder
from bot.model import Base, File, Proposal, Settings, digest_of
from bot.parts import (
    LARGEST_OWNERS,
    OWNERS,
    PartOf,
    branch_of,
    folder_of,
    owner_of,
    whole,
)
from bot.ports import Checkout, Heads, Trouble
from bot.settings import SettingsError
from bot.survey import Category, Found, categories
from codemods import __version__


@dataclass(frozen=True, slots=True)
class Tree:
    """The base's files in a folder, and what the repository asks for.

    `results` is a folder that keeps what was found in files, if anything is to.
    """

    folder: str
    base: Base
    paths: tuple[str, ...]
    settings: Settings
    results: str | None = None

    @property
    def config(self) -> str:
        return sha256(repr(self.settings).encode()).hexdigest()[:16]

    def mistake(self, error: Exception) -> SettingsError | Trouble:
        """A codemod's complaint without our paths: about a file of the tree, or not."""
        place = "/".join(self.folder.split("/")[-2:])
        told, found = re.subn(rf"\S*{re.escape(place)}/", "", str(error))
        return SettingsError(told) if found else Trouble(told)


def tree_in(checkout: Checkout, heads: Heads, above: str) -> Tree:
    """The tree of the base that the repository asks for, in a folder below `above`.

    Raises SettingsError, and Trouble.
    """
    base = checkout.base(heads.default, heads.tips[heads.default])
    folder = os.path.join(above, base.commit)
    paths = checkout.export(base.commit, folder)
    asked = settings.load(folder, tuple(category.name for category in categories()))
    if asked.base in ("", base.branch):
        return Tree(folder, base, paths, asked)
    if asked.base not in heads.tips:
        raise SettingsError(
            f"[tool.codemod-bot] base: no branch is called {asked.base!r}"
        )
    base = checkout.base(asked.base, heads.tips[asked.base])
    folder = os.path.join(above, asked.base.replace("/", "-"))
    paths = checkout.export(base.commit, folder)
    return Tree(folder, base, paths, asked)


def base_asked(checkout: Checkout, commit: str) -> str:
    """The base that the config in a commit names, "" for the default branch.

    Raises SettingsError, and Trouble.
    """
    with private_folder() as folder:
        for name in settings.FILES:
            data = checkout.file(commit, name)
            if data is not None:
                with open(os.path.join(folder, name), "xb") as stream:
                    stream.write(data)
        return settings.load(folder, tuple(each.name for each in categories())).base


def found(tree: Tree, category: Category) -> Found:
    """What a category finds in the tree. Raises UsageError."""
    evidence = tree.settings.evidence
    return survey.found(tree.folder, category, tree.results, evidence)


def rewritten(
    tree: Tree, category: Category, seen: Found, choices: Iterable[Choice]
) -> dict[str, File]:
    """By path the files with the changes made that are to be. Raises UsageError."""
    return survey.rewritten(tree.folder, category, seen, choices, tree.results)


def parting(checkout: Checkout, tree: Tree) -> PartOf:
    """How changes of the tree are told apart. Raises SettingsError."""
    match tree.settings.split:
        case "folder":
            return folder_of
        case "owner":
            files = (checkout.file(tree.base.commit, path) for path in OWNERS)
            data = next((each for each in files if each is not None), b"")
            try:
                return owner_of(data[:LARGEST_OWNERS].decode("utf-8", "replace"))
            except ValueError as error:
                raise SettingsError(f"CODEOWNERS: {error}") from error
    return whole


def worded(
    category: Category,
    tree: Tree,
    part: str,
    said: Wishes,
    choice: Choice,
    files: Sequence[File],
) -> Proposal:
    only_unsafe = all(change.tier == "unsafe" for change in choice.made)
    asked = tree.settings
    return Proposal(
        codemod=category.name,
        headline=category.headline,
        branch=branch_of(category.name, part),
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
        draft=asked.draft or only_unsafe,
        vetoes=said.vetoes,
        part=part,
        split=bool(asked.split),
        labels=asked.labels,
        reviewers=asked.reviewers,
        assignees=asked.assignees,
        annotated=asked.annotate,
        signed=asked.commit_mode == "api",
    )
