"""What the codemods find in a tree, and what of it goes on a branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.choice import Choice
from bot.model import Change, File
from codemods import Finding, Result, UsageError, entries, survey


@dataclass(frozen=True, slots=True)
class Category:
    """A codemod as the bot sees it; the headline is a clause in lower case."""

    name: str
    headline: str


def categories() -> tuple[Category, ...]:
    return tuple(Category(entry.name, headline(entry.title)) for entry in entries())


def pages() -> dict[str, str]:
    """The page of each codemod in Markdown, its title in the first line."""
    return {entry.name: entry.page for entry in entries()}


def headline(title: str) -> str:
    text = title.strip().rstrip(".")
    return text[:1].lower() + text[1:]


@dataclass(frozen=True, slots=True)
class Found:
    """What a codemod finds in a tree; nothing where it was not asked."""

    results: tuple[Result, ...] = ()

    @property
    def changes(self) -> list[Change]:
        return [change for each in self.results for change in changes_in(each)]


def found(
    folder: str, category: Category, kept: str | None = None, evidence: bool = False
) -> Found:
    """Raises UsageError for a config that is not as it should be.

    `kept` is a folder for what was found in the repository's files before. With
    `evidence` what is found is run before and after, in a sandbox.
    """
    return Found(tuple(survey(folder, category.name, cache=kept, evidence=evidence)))


def rewritten(
    folder: str,
    category: Category,
    seen: Found,
    choices: Iterable[Choice],
    kept: str | None = None,
) -> dict[str, File]:
    """By path the files with those changes made that are to be; see `found`."""
    # What evidence has shown to be no fix would be made without being asked.
    asked = {each: False for each in seen.changes if each.tier == "declined"}
    for choice in choices:
        asked |= wanted(choice)
    if not any(asked.values()):
        return {}
    results = seen.results
    if any(value != (change.tier == "safe") for change, value in asked.items()):
        again = survey(folder, category.name, asked=by_path(asked), cache=kept)
        results = tuple(again)
    return {file.path: file for file in changed(results)}


def derived(folder: str, codemod: str, keys: frozenset[str]) -> tuple[File, ...]:
    """The files that a codemod changes where the changes named alone are made.

    Raises UsageError for a config that is not as it should be.
    """
    here = [c for result in survey(folder, codemod) for c in changes_in(result)]
    asked = {each: each.key in keys for each in here if each.tier != "declined"}
    return changed(survey(folder, codemod, asked=by_path(asked)))


def changed(results: Iterable[Result]) -> tuple[File, ...]:
    return tuple(
        File(result.source.path, result.after.data)
        for result in results
        if result.changed
    )


def wanted(choice: Choice) -> dict[Change, bool]:
    """Of each fix whether it is made."""
    left = (*choice.offered, *choice.vetoed, *choice.later)
    return dict.fromkeys(left, False) | dict.fromkeys(choice.made, True)


def by_path(asked: Mapping[Change, bool]) -> dict[str, dict[str, bool]]:
    by: dict[str, dict[str, bool]] = {}
    for change, value in asked.items():
        by.setdefault(change.path, {})[change.fingerprint] = value
    return by


def changes_in(result: Result) -> list[Change]:
    return [change_of(finding) for finding in result.findings]


def change_of(finding: Finding) -> Change:
    return Change(
        path=finding.path,
        line=finding.line,
        tier=finding.verdict,
        fingerprint=finding.fingerprint,
        message=finding.message,
        before=finding.before,
        after=finding.after,
        caveat=finding.caveat,
        reason=finding.reason,
        urgent=finding.urgent,
        **receipt_of(finding),
    )


def receipt_of(finding: Finding) -> dict[str, str]:
    """What the bot says of the finding's receipt, if it has one."""
    evidence = finding.evidence
    if evidence is None:
        return {}
    if evidence.outcome == "impossible":
        return {"unseen": evidence.reason or ""}
    return {"receipt": evidence.sentence}


__all__ = [
    "Category",
    "UsageError",
    "categories",
    "derived",
    "found",
    "pages",
    "rewritten",
]
