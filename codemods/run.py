"""`codemod run`: from the command line's arguments to a report and an exit code."""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing

from codemods import config, discovery, files, plugins, registry
from codemods.cache import FOLDER, Cache
from codemods.identity import identity
from codemods.names import UsageError
from codemods.project import Change, Request, change_of, outcomes
from codemods.report import Report
from codemods.telling import DETAILED, check_output, is_preview, shows_diff, tell
from codemods.workers import processors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from codemods.discovery import Found
    from codemods.outcome import Outcome

    Act = Callable[[Change], None]

DONE, WOULD_FIX, FAILED = 0, 1, 3
STANDARD_INPUT = "-"
DEFAULT_JOBS = 2


def run(given: Namespace) -> int:
    """Run as the command line says; the exit code."""
    check_arguments(given)
    if given.paths == [STANDARD_INPUT]:
        from codemods.filter import run_filter

        return run_filter(given)
    if given.interactive:
        from codemods.interactive.command import run as run_interactive

        return run_interactive(given, requested(given, given.paths))
    began = time.monotonic()
    started = discovery.listings(given.paths)
    request = requested(given, given.paths)
    cache = cache_of(given, request)
    excluded = request.config.excludes if request.config.exclude else None
    suffixes = request.config.suffixes
    found = discovery.discover(given.paths, excluded, started, suffixes)
    unknown = cache.unknown(of_interest(found.paths, request))
    with closing(
        results(given, request, found._replace(paths=unknown), cache)
    ) as stream:
        report = reported(stream, found, acts(given), len(cache.clean), given.names)
    report = report._replace(
        seconds=time.monotonic() - began,
        written=not is_preview(given),
        entries=request.entries,
    )
    tell(given, report)
    return exit_code(given, report)


def check_arguments(given: Namespace) -> None:
    """Raise UsageError for arguments that do not go together."""
    filters = STANDARD_INPUT in given.paths
    if filters and (len(given.paths) > 1 or given.since):
        raise UsageError(
            "- (standard input) cannot be combined with other paths or --since"
        )
    if given.stdin_filename and not filters:
        raise UsageError("--stdin-filename needs - (standard input)")
    if given.diff and given.output_format != "text":
        raise UsageError(
            f"--diff cannot be combined with --output-format {given.output_format}"
        )
    if filters and given.evidence:
        raise UsageError("--evidence cannot be combined with - (standard input)")
    if not given.evidence and (given.python or given.unsandboxed):
        raise UsageError("--python and --unsandboxed need --evidence")
    if given.interactive and (filters or is_preview(given) or given.evidence):
        others = "-, --dry-run, --check or --evidence"
        raise UsageError(f"--interactive cannot be combined with {others}")
    if given.jobs is not None and given.jobs < 1:
        raise UsageError("--jobs must be at least 1")
    if given.fail_on is not None:
        from codemods.report.kinds import kinds_in

        kinds_in(given.fail_on)
    check_output(given)


def requested(given: Namespace, paths: Sequence[str]) -> Request:
    """The codemods and the config for a run.

    Raises UsageError for an unknown name and a config that is not as it should be.
    """
    known = plugins.known(getattr(given, "plugged", ()), paths, given.config)
    chosen = registry.chosen(given.names, known)
    flags = {
        "unsafe-fixes": given.unsafe_fixes,
        "include-sql": getattr(given, "include_sql", False),
    }
    settings = [*given.set, *(f"{key}=true" for key in flags if flags[key])]
    project = config.load(paths, known, given.config, settings)
    if project.select is not None and registry.EVERY in given.names.split(","):
        chosen = tuple(entry for entry in chosen if entry.name in project.select)
    jobs = given.jobs or min(DEFAULT_JOBS, processors())
    details = given.output_format in DETAILED
    return Request(chosen, project, jobs, lines_since(given), details=details)


def lines_since(given: Namespace) -> dict[str, frozenset[int] | None] | None:
    if given.since is None:
        return None
    from codemods.changed import changed_since

    return dict(changed_since(given.since, given.paths))


def of_interest(paths: Sequence[str], request: Request) -> Sequence[str]:
    if request.lines is None:
        return paths
    return [path for path in paths if path in request.lines]


def cache_of(given: Namespace, request: Request) -> Cache:
    """What is known of the files, where that can be kept.

    Files given one by one are looked at as they are; details are not kept.
    """
    in_trees = any(map(os.path.isdir, given.paths))
    whole = request.lines is None and not request.details
    if given.no_cache or not in_trees or not whole:
        return Cache(None, b"")
    folder = os.path.join(request.config.root, FOLDER)
    return Cache(folder, identity(request.config, request.entries))


def results(
    given: Namespace, request: Request, found: Found, cache: Cache
) -> Generator[Outcome | None]:
    """The outcomes, behind a bar where it is of use; at the end they are kept."""
    stream = with_evidence(outcomes(request, found, cache), given, request)
    if sys.stderr.isatty() and not (shows_diff(given) and sys.stdout.isatty()):
        from codemods.progress import with_bar

        stream = with_bar(stream, len(found.paths))
    yield from stream
    cache.save([discovery.shown(path) for path in given.paths if os.path.isdir(path)])


def with_evidence(
    stream: Iterator[Outcome | None], given: Namespace, request: Request
) -> Iterator[Outcome | None]:
    if not given.evidence:
        return stream
    from codemods.evidence.command import proving
    from codemods.evidence.proving import proven

    return proven(stream, request, proving(given))


def acts(given: Namespace) -> tuple[Act, ...]:
    """What is done about every changed file, in order."""
    write = () if is_preview(given) else (write_change,)
    return (*write, show_diff) if shows_diff(given) else write


def write_change(change: Change) -> None:
    files.replace(change.path, change.after, change.stamp)


def show_diff(change: Change) -> None:
    from codemods.diff import unified
    from codemods.terminal import painted, wants_colour

    diff = unified(change.path, change.before, change.after)
    sys.stdout.flush()
    sys.stdout.buffer.write(painted(diff) if wants_colour(sys.stdout) else diff)


def reported(
    stream: Iterable[Outcome | None],
    found: Found,
    acts: Sequence[Act],
    scanned: int,
    names: str,
) -> Report:
    """The report of a run, made as its outcomes are acted on.

    `scanned` is the number of files that are not in the stream, `names` are the
    codemods as the command line has them.
    """
    told: list[Outcome] = []
    for outcome in stream:
        scanned += 1
        if outcome is not None:
            told.append(acted(outcome, acts))
    report = report_of(told, scanned)
    if not found.missing:
        return report._replace(notes=(*found.notes, *report.notes))
    from codemods.model import Failure

    absent = (Failure(each, None, absence(each, names)) for each in found.missing)
    return report._replace(
        notes=(*found.notes, *report.notes), failures=(*absent, *report.failures)
    )


def absence(path: str, names: str) -> str:
    """What is said of a path that is not there; it may be meant for a codemod."""
    if any(path == entry.name for entry in registry.entries()):
        return f"no such file or directory; for both codemods write {names},{path}"
    return "no such file or directory"


def report_of(told: Sequence[Outcome], scanned: int) -> Report:
    return Report(
        scanned=scanned,
        changed=tuple(each.path for each in told if each.patch),
        findings=tuple(finding for each in told for finding in each.findings),
        failures=tuple(failure for each in told for failure in each.failures),
        skipped=tuple(skip for each in told for skip in each.skips),
        notes=tuple(dict.fromkeys(each.note for each in told if each.note)),
        suppressed=sum(each.suppressed for each in told),
        silenced=tuple(finding for each in told for finding in each.silenced),
    )


def acted(outcome: Outcome, acts: Sequence[Act]) -> Outcome:
    """The outcome as it is once everything is done about it, its text let go.

    A file that cannot be changed has a failure, and nothing was applied in it.
    """
    if outcome.patch is None or not acts:
        return outcome.without_text()
    try:
        change = change_of(outcome, outcome.patch)
        for act in acts:
            act(change)
    except BrokenPipeError:
        raise
    except files.Refused as error:
        return outcome.unmade(f"left alone: {error}")
    except OSError as error:
        return outcome.unmade(f"cannot be written: {error.strerror}")
    return outcome.without_text()


def exit_code(given: Namespace, report: Report) -> int:
    if report.failures:
        return FAILED
    if given.fail_on is not None:
        from codemods.report.kinds import kind_of, kinds_in

        found = {kind_of(each) for each in report.findings}
        return WOULD_FIX if found & kinds_in(given.fail_on) else DONE
    return WOULD_FIX if given.check and report.changed else DONE
