"""One file of an audit: what the codemods and the measures find in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from codemods import files, notebooks
from codemods.audit.measures import Measure, Spot, measures
from codemods.audit.model import Scan, Site
from codemods.audit.searches import search_of
from codemods.context import Context
from codemods.facts import Facts
from codemods.findings import USELESS
from codemods.fingerprint import Fingerprints
from codemods.model import Failure, Finding, Source, SourceError
from codemods.outcome import Outcome
from codemods.registry import Entry
from codemods.work import judged_source
from codemods.workers import Task

TIERS = {"safe": "safe", "unsafe": "unsafe", "declined": "refused"}


def scanned(entries: Sequence[Entry], task: Task) -> Scan:
    """A file's scan. Never raises: what goes wrong is part of it."""
    try:
        content = files.read(task.path, follow=task.follow)
    except OSError as error:
        return failed(task.path, f"cannot be read: {error.strerror}")
    if content is None:
        return failed(task.path, "is no regular file any more")
    source = Source(task.path, content[0])
    outcome = judged_source(entries, task, source) if task.names else None
    try:
        return measured(source, entries, outcome)
    except SourceError as error:
        where = f"line {error.line}: " if error.line else ""
        return unmeasured(source, entries, f"{where}{error.message}")
    except RecursionError:
        return unmeasured(source, entries, "nested too deeply to be analysed")


def failed(path: str, message: str) -> Scan:
    return Scan(path, 0, {}, {}, {}, failures=(Failure(path, None, message),))


def unmeasured(source: Source, entries: Sequence[Entry], reason: str) -> Scan:
    hits = searched(source.data, entries)
    return Scan(source.path, lines(source.data), {}, hits, {}, skipped=reason)


def lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


def measured(source: Source, entries: Sequence[Entry], outcome: Outcome | None) -> Scan:
    """Raises SourceError for what is no Python."""
    code, placed = program_of(source)
    context = Context(Facts(code), {})
    sites = by_codemod(outcome.findings) if outcome else {}
    failures = list(outcome.failures) if outcome else []
    totals: dict[str, int] = {}
    for measure in measures():
        if not measure.wants(source.data):
            continue
        try:
            found = tuple(placed(each) for each in found_by(measure, context, source))
            if measure.total is not None:
                totals[measure.name] = measure.total(context)
        except RecursionError:
            raise
        except Exception as error:  # the boundary: one measure, one file
            what = f"crashed: {type(error).__name__}: {error}".rstrip(": ")
            failures.append(Failure(source.path, measure.name, what))
            continue
        if found:
            sites[measure.name] = found
    return Scan(
        path=source.path,
        lines=lines(source.data),
        sites=sites,
        hits=searched(source.data, entries),
        totals=totals,
        silenced=Counter(each.codemod for each in outcome.silenced) if outcome else {},
        failures=tuple(failures),
    )


def by_codemod(findings: Sequence[Finding]) -> dict[str, tuple[Site, ...]]:
    told = [each for each in findings if each.message != USELESS]
    names = sorted({each.codemod for each in told})
    return {
        name: tuple(site_of(each) for each in told if each.codemod == name)
        for name in names
    }


def site_of(each: Finding) -> Site:
    return Site(
        path=each.path,
        line=each.line,
        what=each.message,
        fingerprint=each.fingerprint,
        tier=TIERS[each.verdict],
        reason=each.reason or each.caveat,
        rank=int(each.urgent),
    )


def program_of(source: Source) -> tuple[bytes, Callable[[Site], Site]]:
    """The Python of a file, and the way from a site in it to one in the file."""
    if not source.path.endswith(notebooks.SUFFIX):
        return source.code, lambda site: site
    from codemods.notebooks.cells import read
    from codemods.notebooks.run import program

    made = program(read(source.code.decode("utf-8")))

    def placed(site: Site) -> Site:
        line, _ = made.place(made.part(site.line), site.line, 1)
        return replace(site, line=line)

    return made.code.encode("utf-8"), placed


def found_by(measure: Measure, context: Context, source: Source) -> Iterator[Site]:
    path = source.path
    fingerprints = Fingerprints()
    spots = list(measure.find(context))
    for spot in sorted(spots, key=lambda spot: start(spot, context)):
        whole = spot.node is context.tree
        # What is about a file as a whole is known by its name.
        text = path.rpartition("/")[2] if whole else context.text(spot.node)
        yield Site(
            path=path,
            line=1 if whole else context.line(spot.node),
            what=spot.what,
            fingerprint=fingerprints.of(measure.name, text, start(spot, context)),
            rank=spot.rank,
        )


def start(spot: Spot, context: Context) -> int:
    return 0 if spot.node is context.tree else context.span(spot.node)[0]


def searched(data: bytes, entries: Sequence[Entry]) -> dict[str, int]:
    """The lines that a search for each category's words would print."""
    patterns = {entry.name: search_of(entry) for entry in entries}
    patterns |= {measure.name: measure.search for measure in measures()}
    return {
        name: found
        for name, pattern in patterns.items()
        if pattern and (found := matching_lines(pattern, data))
    }


def matching_lines(pattern: str, data: bytes) -> int:
    found = re.finditer(pattern.encode(), data)
    return len({data.rfind(b"\n", 0, match.start()) for match in found})
