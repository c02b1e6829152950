"""The audit in Markdown, for an issue or a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

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

# What has a meaning in Markdown or in the HTML that may stand in it.
SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#+!|~&]")


def render(audit: Audit) -> str:
    blocks = [f"# Audit\n\n{escaped(headline(audit))}", table(audit)]
    blocks += ["\n".join(section(audit, each)) for each in audit.categories]
    blocks.append("\n".join(troubles(audit)))
    return "\n\n".join(block for block in blocks if block) + "\n"


def table(audit: Audit) -> str:
    heads = ["category", "instances", "files", *TIERS, "silenced", "a search says"]
    heads += ["then → now"] if audit.baseline is not None else []
    rows = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for each in audit.categories:
        row = [f"`{each.name}`", instances(each), f"{each.files:,}", *tiers(each)]
        row.append(searched(each))
        row += [trend(each)] if audit.baseline is not None else []
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def section(audit: Audit, category: Category) -> Iterator[str]:
    sites = shown(audit, category)
    if not sites:
        return
    new = audit.baseline is not None and category.trend is not None
    yield f"## `{category.name}`{' (new)' if new else ''}\n"
    yield f"{escaped(about(category))}\n"
    for why, count in reasons(category)[:MOST_REASONS] if not new else ():
        yield f"- {count:,} refused: {escaped(why)}"
    if category.fixable and not new:
        for path, count in category.worst[:MOST_FILES]:
            yield f"- {count:,} in {escaped(path)}"
        return
    for site in sites[:MOST_SITES]:
        yield f"- {escaped(site.path)}:{site.line} {escaped(site.what)}"
    if len(sites) > MOST_SITES:
        yield f"- and {len(sites) - MOST_SITES:,} more"


def troubles(audit: Audit) -> Iterator[str]:
    if audit.failures or audit.skipped:
        yield "## Left out\n"
    for each in (*audit.failures, *audit.skipped):
        yield f"- {escaped(each.path)}: {escaped(each.message)}"


def escaped(text: str) -> str:
    """Text that is text in Markdown; backticks around code are kept as they are."""
    parts = re.split(r"(`[^`\n]+`)", plain(text))
    return "".join(
        part if number % 2 else SPECIAL.sub(r"\\\g<0>", part)
        for number, part in enumerate(parts)
    )
