"""What is done about one candidate: judged, rewritten and formatted."""

from __future__ import annotations

from collections.abc import Sequence

from codemods import files, notebooks
from codemods.discovery import TEXTS, suffix_of
from codemods.engine import Settings, run
from codemods.formatting import formatted
from codemods.limits import limited
from codemods.model import Codemod, Source
from codemods.outcome import Outcome, failed, outcome_of
from codemods.registry import Entry
from codemods.workers import Task


def judged(entries: Sequence[Entry], task: Task) -> Outcome:
    """A task's outcome. Never raises: what goes wrong is part of it."""
    try:
        content = files.read(task.path, follow=task.follow)
    except OSError as error:
        return failed(task.path, f"cannot be read: {error.strerror}")
    if content is None:
        return failed(task.path, "is no regular file any more")
    return judged_source(entries, task, Source(task.path, content[0]))


def judged_source(entries: Sequence[Entry], task: Task, source: Source) -> Outcome:
    try:
        settings = Settings(
            task.unsafe, task.options, task.lines, task.asked, task.details
        )
        if suffix_of(task.path) in TEXTS:
            from codemods.texts import judged_text

            return judged_text(entries, task, source)
        codemods = load(entries, task.names)
        with limited(task.seconds):
            if source.path.endswith(notebooks.SUFFIX):
                from codemods.notebooks.run import run as run_cells

                return outcome_of(*run_cells(source, codemods, settings))
            result = run(source, codemods, settings)
        return outcome_of(*formatted(result))
    except Exception as error:  # the boundary: one file; the others go on
        return failed(task.path, f"{type(error).__name__}: {error}")


def load(entries: Sequence[Entry], names: Sequence[str]) -> tuple[Codemod, ...]:
    """Codemods by name; imports them."""
    return tuple(entry.load() for entry in entries if entry.name in names)
