"""What the codemods say of a text in an editor, under the config of its file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

from codemods import config, registry
from codemods.engine import Settings, run
from codemods.model import Finding, Result, Source
from codemods.names import UsageError
from codemods.plugins import known
from codemods.project import Request, wanted
from codemods.registry import Entry
from codemods.work import load


@dataclass(frozen=True, slots=True)
class Analysis:
    """The findings for a version of a text; `error` where none could be had."""

    text: str
    findings: tuple[Finding, ...] = ()
    error: str | None = None

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines(keepends=True)


def analysed(path: str, text: str, *, trusting: bool = False) -> Analysis:
    """What a file would be told if it held this text. Never raises.

    Safe and unsafe fixes come with the edits that make each of them alone. To open a
    folder must not run what is in it: the codemods that a config names are loaded only
    by who is `trusting`.
    """
    try:
        result = judged(path, text, known(paths=[path]) if trusting else ours())
    except UsageError as error:
        return Analysis(text, error=str(error))
    failures = [
        f"{each.codemod or 'codemod'}: {each.message}" for each in result.failures
    ]
    return Analysis(text, result.findings, "; ".join(failures) or None)


@cache
def ours() -> tuple[Entry, ...]:
    return registry.entries()


def judged(path: str, text: str, entries: tuple[Entry, ...]) -> Result:
    """The result for a file's text.

    Raises UsageError for a config that is not as it should be.
    """
    project = config.load([path], entries)
    request = Request(entries, project)
    source = Source(os.path.basename(path), text.encode("utf-8", "surrogatepass"))
    names = wanted(request, path, source.data, (len(source.data), 0))
    if not names or project.excludes(path):
        return Result(source, source)
    options = project.of(path).options
    return run(source, load(entries, names), Settings(options=options, details=True))


def page_of(name: str) -> str | None:
    """A codemod's page in Markdown."""
    from codemods.pages import page

    return next((page(each) for each in ours() if each.name == name), None)
