"""A tree as codemods would have it, in memory, for programs that write themselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

from codemods import config, discovery, files, registry
from codemods.cache import Cache
from codemods.contents import Contents, key_of
from codemods.model import Result, Source
from codemods.outcome import Outcome
from codemods.project import NO_REQUESTS, Request, change_of, outcomes

Wishes = Mapping[str, Mapping[str, bool]]


def survey(
    root: str,
    names: str,
    *,
    unsafe: bool = False,
    asked: Wishes = NO_REQUESTS,
    settings: str | None = None,
    jobs: int = 1,
    evidence: bool = False,
    cache: str | None = None,
) -> Iterator[Result]:
    """What `names` (one, several with commas, `all`) make of the tree at `root`.

    Yields, by path, the files with anything to report; a result has the file as read
    and as it would be, with paths relative to `root`. Nothing is written. `unsafe`
    applies unsafe fixes; `asked` says of single fixes, by path and fingerprint, whether
    to apply them. The tree's own config counts, or that of the file `settings`. With
    `evidence` each fix is run before and after, in a sandbox, never outside.

    `cache` is a folder in which what was found is kept, that of one repository: the
    next survey judges only files whose bytes are others, wherever `root` is then.

    Raises UsageError for an unknown name, for a config that is not as it should be,
    and where there is no sandbox for evidence.
    """
    known = registry.entries()
    chosen = registry.chosen(names, known)
    given = ["unsafe-fixes=true"] if unsafe else []
    project = config.load([root], known, settings, given)
    if project.select is not None:
        chosen = tuple(entry for entry in chosen if entry.name in project.select)
    shown = {discovery.shown(os.path.join(root, path)): path for path in asked}
    wishes = {path: asked[inside] for path, inside in shown.items()}
    request = Request(chosen, project, jobs, None, wishes)
    found = discovery.discover([root], project.excludes)
    learned = None
    if cache is not None:
        learned = Contents(cache, key_of(project, chosen, wishes), root, wishes)
    stream: Iterator[Outcome | None]
    stream = outcomes(request, found, learned or Cache(None, b""))
    if evidence:
        stream = with_receipts(stream, request)
    for outcome in stream:
        if outcome is not None:
            yield result_of(outcome, root)
    if learned is not None:
        learned.save()


def with_receipts(
    stream: Iterator[Outcome | None], request: Request
) -> Iterator[Outcome | None]:
    from codemods.evidence.interpreters import interpreter
    from codemods.evidence.proving import Proving, proven
    from codemods.evidence.running import Runner
    from codemods.evidence.sandbox import Sandbox

    sandbox = Sandbox(interpreter(sys.executable))
    sandbox.check()
    return proven(stream, request, Proving(Runner(sandbox)))


def result_of(outcome: Outcome, root: str) -> Result:
    """The result behind an outcome, its paths relative to `root`."""
    path = os.path.relpath(outcome.path, root).replace(os.sep, "/")
    content = files.read(outcome.path)
    before = after = content[0] if content else b""
    if outcome.patch is not None:
        change = change_of(outcome, outcome.patch)
        before, after = change.before, change.after
    return Result(
        Source(path, before),
        Source(path, after),
        tuple(replace(each, path=path) for each in outcome.findings),
        tuple(replace(each, path=path) for each in outcome.failures),
        outcome.skipped,
        outcome.suppressed,
    )
