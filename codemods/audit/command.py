"""`codemod audit`: from the command line's arguments to a report and an exit code."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from dataclasses import replace
from importlib import import_module

from codemods import config, discovery, files, plugins
from codemods.audit.auditing import audit
from codemods.audit.baseline import held_against, read
from codemods.audit.formats import shown
from codemods.audit.model import Audit
from codemods.names import UsageError
from codemods.project import Request
from codemods.terminal import wants_colour, width_of
from codemods.workers import processors

DONE, FOUND, FAILED = 0, 1, 3
DEFAULT_JOBS = 2


def run(given: Namespace) -> int:
    """Audit as the command line says; the exit code."""
    began = time.monotonic()
    paths = given.paths
    known = plugins.known(given.plugged, paths, given.config)
    project = config.load(paths, known, given.config, given.set)
    chosen = [
        each for each in known if project.select is None or each.name in project.select
    ]
    baseline = read(given.baseline) if given.baseline else None
    if given.output is not None and not files.is_writable(given.output):
        raise UsageError(f"--output {given.output}: cannot be written")
    started = discovery.listings(paths)
    excluded = project.excludes if project.exclude else None
    found = discovery.discover(paths, excluded, started)
    jobs = given.jobs or min(DEFAULT_JOBS, processors())
    made = audit(Request(tuple(chosen), project, jobs), found)
    if baseline is not None:
        made = held_against(made, baseline, given.baseline)
    made = replace(made, seconds=time.monotonic() - began)
    tell(given, made)
    return exit_code(given, made)


def tell(given: Namespace, made: Audit) -> None:
    """Print the audit, or write it to a file and print the text."""
    if given.output_format == "text" or given.output is not None:
        from codemods.audit.formats import text

        look = {"colour": wants_colour(sys.stdout), "width": width_of(sys.stdout)}
        told = text.render(made, **look)  # type: ignore[arg-type]
        if given.output_format == "text" and given.output is not None:
            files.write_text(given.output, text.render(made))
        sys.stdout.write(told)
    if given.output_format == "text":
        return
    module = import_module(f"codemods.audit.formats.{given.output_format}")
    rendered: str = module.render(made)
    if given.output is None:
        sys.stdout.write(rendered)
    else:
        files.write_text(given.output, rendered)


def exit_code(given: Namespace, made: Audit) -> int:
    if made.failures:
        return FAILED
    found = any(shown(made, each) for each in made.categories)
    return FOUND if given.check and found else DONE
