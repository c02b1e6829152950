"""The report as one HTML file that needs nothing else.

Everything is there without JavaScript; with it, findings can be filtered and folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from codemods import __version__
from codemods.model import Failure, Finding
from codemods.report import Report
from codemods.report.html.articles import articles, reason_of
from codemods.report.html.charts import bar
from codemods.report.html.page import asset, document, prose, text
from codemods.report.kinds import KINDS, kind_of
from codemods.report.text import Look, conclusion

# Characters of code in a report: a browser has to hold it all.
BUDGET = 30_000_000
MOST_REASONS = 60  # in the filter; the rest is rare and can be searched for


def render(report: Report, budget: int = BUDGET) -> str:
    """The page, with at most about `budget` characters of code."""
    reasons = reasons_of(report.findings)
    numbers = {reason: at for at, (reason, _) in enumerate(reasons, 1)}
    parts = [
        header(report),
        counts(report),
        *troubles(report),
        form(report, reasons) if report.findings else "",
        '<main id="findings">',
        *articles(report.findings, numbers, budget),
        "</main>",
    ]
    body = "\n".join(part for part in parts if part)
    return document("codemod report", body, script=asset("script.js"))


def header(report: Report) -> str:
    told = conclusion(report, Look()).rstrip()
    return (
        f"<header><h1>What codemod found</h1>\n<p>{prose(told)}</p>\n"
        f'<p class="soft">codemod {text(__version__)}</p></header>'
    )


def counts(report: Report) -> str:
    """A row a codemod: its bar, and the numbers that the bar stands for."""
    names = sorted({each.codemod for each in report.findings})
    by_name = {name: kinds(name, report.findings) for name in names}
    most = max((sum(each.values()) for each in by_name.values()), default=1)
    heads = "".join(
        f'<th scope="col" class="{kind}">{told}</th>' for kind, told in KINDS.items()
    )
    head = (
        f'<th scope="col">codemod</th>{heads}<th scope="col">files</th>'
        '<th scope="col" aria-label="as a bar"></th>'
    )
    rows = "\n".join(row(name, found, report, most) for name, found in by_name.items())
    if not rows:
        return ""
    return (
        '<section aria-label="counts"><div class="scroll"><table class="counts">'
        f"<caption>By codemod</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table></div></section>"
    )


def kinds(name: str, findings: Sequence[Finding]) -> dict[str, int]:
    found = Counter(kind_of(each) for each in findings if each.codemod == name)
    return {kind: found[kind] for kind in KINDS}


def row(name: str, found: dict[str, int], report: Report, most: int) -> str:
    files = len({each.path for each in report.findings if each.codemod == name})
    cells = "".join(f"<td>{found[kind]:,}</td>" for kind in KINDS)
    return (
        f'<tr><th scope="row">{text(name)}</th>{cells}<td>{files:,}</td>'
        f'<td class="chart">{bar(name, found, most)}</td></tr>'
    )


def reasons_of(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    """Reasons and caveats, the most frequent first; names in them left out."""
    found = Counter(reason_of(each) for each in findings)
    found.pop("", None)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ordered[:MOST_REASONS]


def form(report: Report, reasons: Sequence[tuple[str, int]]) -> str:
    """The filter; hidden where no script runs that could filter."""
    names = sorted({each.codemod for each in report.findings})
    codemods = "".join(f"<option>{text(name)}</option>" for name in names)
    present = {kind_of(each) for each in report.findings}
    boxes = "".join(
        f'<label><input type="checkbox" name="kind" value="{kind}" checked> '
        f"{told}</label> "
        for kind, told in KINDS.items()
        if kind in present
    )
    choices = "".join(
        f'<option value="{at}">{count:,} × {text(reason)}</option>'
        for at, (reason, count) in enumerate(reasons, 1)
    )
    return (
        '<form id="filter" role="search" aria-label="findings" hidden>\n'
        '<label>codemod <select name="codemod"><option value="">all</option>'
        f"{codemods}</select></label>\n"
        f"<fieldset><legend>kind</legend>{boxes}</fieldset>\n"
        '<label>path <input type="search" name="path" autocomplete="off" '
        'placeholder="part of a path"></label>\n'
        '<label class="wide">reason <select name="reason"><option value="">any</option>'
        f"{choices}</select></label>\n"
        '<div class="buttons"><button type="button" id="fold">Fold all</button> '
        '<button type="button" id="unfold">Unfold all</button> '
        '<button type="button" id="all">Reset</button> '
        f'<output id="count">{len(report.findings):,} findings</output></div></form>'
    )


def troubles(report: Report) -> Iterator[str]:
    groups = (
        ("Errors", [told(each) for each in report.failures]),
        ("Skipped", [told(each) for each in report.skipped]),
        ("Notes", [prose(note) for note in report.notes]),
    )
    for title, items in groups:
        if items:
            lines = "\n".join(f"<li>{item}</li>" for item in items)
            yield f'<section><h2>{title}</h2><ul class="sites">{lines}</ul></section>'


def told(each: Failure) -> str:
    source = f" ({text(each.codemod)})" if each.codemod else ""
    return f"{text(each.path)}: {prose(each.message)}{source}"
