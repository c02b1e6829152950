"""A bar on the terminal, for runs that take their time."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

PATIENCE = 0.7  # seconds in which a person misses nothing
PAUSE = 0.1  # seconds between two pictures


def with_bar(items: Iterable[T], total: int) -> Iterator[T]:
    """The items; meanwhile a bar on standard error, gone when they are at an end."""
    began = time.monotonic()
    iterator = iter(items)
    for done, item in enumerate(iterator, 1):
        yield item
        if time.monotonic() - began > PATIENCE:
            yield from drawn(iterator, done, total)


def drawn(iterator: Iterator[T], done: int, total: int) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("[bold]codemod"), BarColumn(), MofNCompleteColumn()
    console = Console(file=sys.stderr)
    # No thread draws it: a process with threads is not safe to fork.
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False
    ) as progress:
        task = progress.add_task("", total=total, completed=done)
        drawn_at = 0.0
        for item in iterator:
            yield item
            progress.advance(task)
            if time.monotonic() - drawn_at > PAUSE:
                drawn_at = time.monotonic()
                progress.refresh()
