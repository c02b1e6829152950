"""An audit of a tree: every file once, most of them by their bytes alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from codemods import files
from codemods.audit.measures import measures
from codemods.audit.model import Audit, Category, Hits, Scan, Site
from codemods.audit.scanning import failed, lines, scanned, searched
from codemods.audit.searches import may_match, search_of
from codemods.discovery import Found, may_be_script
from codemods.model import Failure
from codemods.outcome import Outcome
from codemods.project import Request, prepare, task, wanted
from codemods.registry import Entry
from codemods.workers import Task, in_order


def audit(request: Request, found: Found) -> Audit:
    """What the codemods and the measures find in the files; nothing is written."""
    work = partial(scanned, request.entries)
    ready = partial(prepare, request.entries)
    items = examined(request, found)
    scans = [
        each if isinstance(each, Scan) else dead(each)
        for each in in_order(items, work, request.jobs, ready)
        if each is not None
    ]
    absent = (
        Failure(name, None, "no such file or directory") for name in found.missing
    )
    skipped = (Failure(each.path, None, each.skipped or "") for each in scans)
    return Audit(
        categories=tuple(categories(request.entries, scans)),
        scanned=len(scans),
        lines=sum(each.lines for each in scans),
        failures=(*absent, *(failure for each in scans for failure in each.failures)),
        skipped=tuple(each for each in skipped if each.message),
        notes=found.notes,
    )


def dead(outcome: Outcome) -> Scan:
    """The scan of a file that a process died of."""
    return failed(outcome.path, outcome.failures[0].message)


def examined(request: Request, found: Found) -> Iterator[Task | Scan | None]:
    """Every Python file: as a task where its bytes hold what anything is about."""
    for path in found.paths:
        named = path in found.named
        try:
            content = files.read(path, follow=named)
        except FileNotFoundError:
            continue  # listed, and gone since
        except OSError as error:
            yield failed(path, f"cannot be read: {error.strerror}")
            continue
        if content is None:
            continue
        data, stamp = content
        if not named and may_be_script(path) and not files.SHEBANG.match(data):
            continue
        if stamp[0] > files.LARGEST:
            reason = f"larger than {files.LARGEST // 1_000_000} MB"
            yield Scan(path, 0, {}, {}, {}, skipped=reason)
            continue
        names = wanted(request, path, data, stamp)
        if not names and not any(each.wants(data) for each in measures()):
            yield Scan(path, lines(data), {}, found_by_search(request, data), {})
        elif not named and files.GENERATED.search(data, 0, files.HEADER):
            yield Scan(path, lines(data), {}, {}, {}, skipped="generated file")
        else:
            made = task(request, path, names, stamp, follow=named)
            assert isinstance(made, Task), "only a large file has no task"
            yield made


def found_by_search(request: Request, data: bytes) -> dict[str, int]:
    """What a search finds in a file that can hold no instance: mostly nothing."""
    worth = may_match(data, request.entries)
    return searched(data, request.entries) if worth else {}


def categories(entries: Sequence[Entry], scans: Sequence[Scan]) -> Iterator[Category]:
    """The codemods by name, then the measures as they are listed."""
    for entry in entries:
        yield Category(
            name=entry.name,
            title=entry.title,
            advice=f"codemod run {entry.name}",
            sites=sites(entry.name, scans),
            search=search_of(entry),
            hits=hits(entry.name, scans),
            fixable=True,
            silenced=sum(each.silenced.get(entry.name, 0) for each in scans),
        )
    for measure in measures():
        counted = measure.total is not None
        yield Category(
            name=measure.name,
            title=measure.title,
            advice=measure.advice,
            sites=sites(measure.name, scans),
            search=measure.search,
            hits=hits(measure.name, scans),
            of=sum(each.totals.get(measure.name, 0) for each in scans)
            if counted
            else None,
        )


def sites(name: str, scans: Iterable[Scan]) -> tuple[Site, ...]:
    """The instances of a category, the worst first, then by place."""
    found = [site for scan in scans for site in scan.sites.get(name, ())]
    return tuple(sorted(found, key=lambda site: (-site.rank, site.path, site.line)))


def hits(name: str, scans: Iterable[Scan]) -> Hits:
    lines = [scan.hits[name] for scan in scans if name in scan.hits]
    return Hits(sum(lines), len(lines))
