"""The audit as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.audit.formats import (
    MOST_FILES,
    MOST_REASONS,
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
from codemods.report.html.page import document, prose, text


def render(audit: Audit) -> str:
    parts = [
        f'<h1>Audit</h1>\n<p class="soft">{text(headline(audit))}</p>',
        table(audit),
    ]
    parts += ["\n".join(section(audit, each)) for each in audit.categories]
    parts.append("\n".join(troubles(audit)))
    body = "\n".join(part for part in parts if part)
    return document("Audit", f"<main>\n{body}\n</main>")


def table(audit: Audit) -> str:
    heads = ["category", "instances", "files", *TIERS, "silenced", "a search says"]
    heads += ["then → now"] if audit.baseline is not None else []
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    rows = "\n".join(row(audit, each) for each in audit.categories)
    return (
        '<div class="scroll"><table class="counts">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def row(audit: Audit, each: Category) -> str:
    name = text(each.name)
    first = f'<a href="#{name}">{name}</a>' if shown(audit, each) else name
    cells = [instances(each), f"{each.files:,}", *tiers(each), searched(each)]
    cells += [trend(each)] if audit.baseline is not None else []
    rest = "".join(f"<td>{text(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{first}</th>{rest}</tr>'


def section(audit: Audit, category: Category) -> Iterator[str]:
    sites = shown(audit, category)
    if not sites:
        return
    new = " <small>(new)</small>" if audit.baseline and category.trend else ""
    yield f'<section id="{text(category.name)}"><h2>{text(category.name)}{new}</h2>'
    yield f"<p>{prose(about(category))}</p>"
    yield from listed(f"{count:,} refused: {why}" for why, count in most(category))
    worst = category.worst[:MOST_FILES] if len(category.worst) > 1 else ()
    yield from listed(f"{count:,} in {path}" for path, count in worst)
    yield f"<details><summary>{len(sites):,} places</summary>"
    yield from listed(
        f"{site.path}:{site.line} {site.what}"
        + (f": {site.reason}" if site.reason else "")
        for site in sites
    )
    yield "</details></section>"


def most(category: Category) -> list[tuple[str, int]]:
    return reasons(category)[:MOST_REASONS]


def listed(items: Iterator[str]) -> Iterator[str]:
    lines = [f"<li>{prose(item)}</li>" for item in items]
    if lines:
        yield '<ul class="sites">' + "\n".join(lines) + "</ul>"


def troubles(audit: Audit) -> Iterator[str]:
    if audit.failures or audit.skipped:
        yield '<section id="left-out"><h2>Left out</h2>'
        yield from listed(
            f"{each.path}: {each.message}" for each in (*audit.failures, *audit.skipped)
        )
        yield "</section>"
