"""The audit for a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from codemods.audit.formats import (
    MOST_FILES,
    MOST_REASONS,
    MOST_SITES,
    TIERS,
    about,
    headline,
    instances,
    reasons,
    searched,
    shown,
    tiers,
    trend,
)
from codemods.audit.model import Audit, Category
from codemods.report.text import plain

UNKNOWN_WIDTH = 1_000  # columns: what goes into a file is not wrapped


def render(audit: Audit, *, colour: bool = False, width: int | None = None) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=colour,
        no_color=not colour,
        width=width or UNKNOWN_WIDTH,
        highlight=False,
    )
    console.print(Text(headline(audit), style="bold"))
    console.print(table(audit))
    for category in audit.categories:
        for line in details(audit, category):
            console.print(line)
    for word, failures in (("skipped", audit.skipped), ("error", audit.failures)):
        for each in failures:
            console.print(Text(f"{word}: {plain(each.path)}: {plain(each.message)}"))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def table(audit: Audit) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column("category")
    for name in ("instances", "files", *TIERS, "silenced"):
        grid.add_column(name, justify="right")
    grid.add_column("a search says", justify="right")
    if audit.baseline is not None:
        grid.add_column("then → now")
    for each in audit.categories:
        row = [each.name, instances(each), f"{each.files:,}", *tiers(each)]
        row.append(searched(each))
        if audit.baseline is not None:
            row.append(trend(each))
        grid.add_row(*row, style="" if each.sites else "dim")
    return grid


def details(audit: Audit, category: Category) -> Iterator[Text | Padding]:
    """The worst files, the reasons, and the worst instances of what has no codemod."""
    sites = shown(audit, category)
    if not sites:
        return
    new = "new: " if audit.baseline is not None and category.trend else ""
    yield Text(f"\n{category.name}", style="bold").append(
        f"  {new}{about(category)}", style="dim"
    )
    for why, count in reasons(category)[:MOST_REASONS] if not new else ():
        yield indented(f"{count:>5,}  refused: {plain(why)}")
    if category.fixable and not new:
        for path, count in category.worst[:MOST_FILES]:
            yield indented(f"{count:>5,}  {plain(path)}")
        return
    for site in sites[:MOST_SITES]:
        yield indented(f"{plain(site.path)}:{site.line}  {plain(site.what)}")
    if len(sites) > MOST_SITES:
        yield indented(f"and {len(sites) - MOST_SITES:,} more")


def indented(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2))
