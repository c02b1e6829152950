"""An audit as text, JSON, Markdown and HTML: one module each."""

from __future__ import annotations

from collections import defaultdict

from codemods.audit.model import Audit, Category, Site
from codemods.report.text import shape, things

MOST_FILES, MOST_REASONS, MOST_SITES = 3, 5, 10


def shown(audit: Audit, category: Category) -> list[Site]:
    """The sites to tell: against a baseline, the new ones."""
    if audit.baseline is None or category.trend is None:
        return list(category.sites)
    return [site for site in category.sites if site.new]


def reasons(category: Category) -> list[tuple[str, int]]:
    """Why places were refused, the most frequent first; names that differ left out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for site in category.sites:
        if site.tier == "refused" and site.reason:
            found[shape(site.reason)].append(site.reason)
    counts = [
        (shared if len(set(group)) > 1 else group[0], len(group))
        for shared, group in found.items()
    ]
    return sorted(counts, key=lambda item: (-item[1], item[0]))


def instances(category: Category) -> str:
    number = f"{len(category.sites):,}"
    return f"{number} of {category.of:,}" if category.of is not None else number


TIERS = ("safe", "unsafe", "refused")


def tiers(category: Category) -> tuple[str, ...]:
    """Safe, unsafe and refused, and what comments silence besides the instances.

    A dash where no codemod is about it.
    """
    if not category.fixable:
        return ("-",) * (len(TIERS) + 1)
    return (*(f"{category.tier(name):,}" for name in TIERS), f"{category.silenced:,}")


def trend(category: Category) -> str:
    """`12 -> 9 (2 new, 5 gone)`."""
    if category.trend is None:
        return "not in the baseline"
    now = len(category.sites)
    then, new, gone = category.trend.before, category.trend.new, category.trend.gone
    return f"{then:,} → {now:,} ({new:,} new, {gone:,} gone)"


def searched(category: Category) -> str:
    """What a search for the words says."""
    if not category.search:
        return "-"
    hits = category.hits
    return f"{things(hits.lines, 'line')}, {things(hits.files, 'file')}"


def about(category: Category) -> str:
    """What a category is, and what to do about it."""
    return f"{category.title.rstrip('.')} ({category.advice})"


def headline(audit: Audit) -> str:
    against = f", against {audit.baseline}" if audit.baseline else ""
    return (
        f"{things(audit.scanned, 'file')}, {things(audit.lines, 'line')}, "
        f"{audit.seconds:.1f} s{against}"
    )
