"""One finding: where, what, why, what was run, and its code side by side."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.model import Finding
from codemods.report import why
from codemods.report.html.diffs import table_of
from codemods.report.html.page import prose, text
from codemods.report.kinds import KINDS, kind_of


def articles(
    findings: tuple[Finding, ...], reasons: dict[str, int], budget: int
) -> Iterator[str]:
    """Every finding as HTML. `reasons` are the numbers of reasons in the filter.

    After `budget` characters of code findings have none.
    """
    seen: dict[str, int] = {}
    left = budget
    for each in findings:
        name = f"{each.codemod}-{each.fingerprint}"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name}-{seen[name]}"
        code = table_of(each) if left > 0 else too_much(each)
        left -= len(code)
        yield article(each, name, reasons.get(reason_of(each), 0), code)


def reason_of(each: Finding) -> str:
    from codemods.report.text import shape

    return shape(why(each) or "")


def too_much(each: Finding) -> str:
    return (
        '<p class="soft">The code is left out, or this page would be too large: '
        f"<code>codemod run {text(each.codemod)} --dry-run {text(each.path)}</code> "
        "shows it.</p>"
    )


def article(each: Finding, name: str, reason: int, code: str) -> str:
    kind = kind_of(each)
    where = f"{each.path}:{each.line}"
    fixed = " applied" if each.applied else ""
    return (
        f'<article class="finding" id="{text(name)}" '
        f'data-codemod="{text(each.codemod)}" data-kind="{kind}" '
        f'data-path="{text(each.path)}" data-reason="{reason}">\n'
        f'<details open><summary><span class="tier {kind}{fixed}">{KINDS[kind]}</span> '
        f'<span class="where">{text(where)}</span> '
        f'<span class="soft">{text(each.codemod)}</span></summary>\n'
        f'<p>{sentence(each)} <a class="link" href="#{text(name)}" '
        f'aria-label="link to {text(where)}">#</a></p>\n'
        f"{receipt(each)}{code}\n</details></article>"
    )


def sentence(each: Finding) -> str:
    message = prose(each.message)
    if each.verdict == "declined":
        return f"{message}. <b>Left alone:</b> {prose(each.reason or '')}."
    if each.caveat:
        return f"{message}. <b>Caveat:</b> {prose(each.caveat)}."
    return f"{message}."


def receipt(each: Finding) -> str:
    """What came of running the fix before and after."""
    found = each.evidence
    if found is None:
        return ""
    look = {"no difference": "same", "difference": "differs", "impossible": "not-run"}
    again = f" <code>{text(found.replay)}</code>" if found.replay else ""
    return (
        f'<p class="receipt {look[found.outcome]}"><b>Evidence:</b> '
        f"{prose(found.sentence)}.{again}</p>\n"
    )
