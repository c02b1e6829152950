"""Receipts as a person reads them."""

from __future__ import annotations

from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codemods.model import Finding
    from codemods.receipt import Timing

NARROWEST, INDENT = 40, 6  # columns


def render(findings: Iterable[Finding], width: int | None = None) -> str:
    """Every place with all that is known of it; nothing where there is none."""
    lines = [line for each in findings for line in place(each, width)]
    return "".join(f"{line}\n" for line in lines)


def place(each: Finding, width: int | None) -> Iterator[str]:
    yield f"{each.path}:{each.line}: {each.codemod} ({each.verdict})"
    receipt = each.evidence
    if receipt is None:
        yield from wrapped(each.reason or "no fix", width)
        return
    yield from wrapped(plain(receipt.sentence), width)
    for timing in receipt.timings:
        yield f"  {timed(timing, receipt.unit)}"
    if each.verdict == "declined" and receipt.outcome != "difference":
        yield from wrapped(plain(each.reason or ""), width)
    if receipt.replay:
        yield f"  again: {plain(receipt.replay)}"


def timed(timing: Timing, unit: str) -> str:
    before, after = (seconds(each) for each in (timing.before, timing.after))
    return f"{timing.size:>9,} {unit}: {before} before, {after} after"


def seconds(number: float) -> str:
    if number < 0.1:
        return f"{number * 1000:.3g} ms"
    return f"{number:.3g} s"


def wrapped(text: str, width: int | None) -> list[str]:
    if width is None:
        return [f"  {text}"]
    from textwrap import wrap

    lines = wrap(text, max(width - 2, NARROWEST), break_on_hyphens=False)
    return [f"  {line}" for line in lines]


def lines(findings: Sequence[Finding], width: int | None) -> list[str]:
    """A codemod's receipts in its paragraph of a summary: a count, each, the rest."""
    found = [(each, each.evidence) for each in findings if each.evidence is not None]
    ran = [(each, told) for each, told in found if told.outcome != "impossible"]
    same = sum(told.outcome == "no difference" for _, told in ran)
    head = f"evidence: {len(ran)} of {len(found)} fixes run, no difference in {same}"
    texts = [head, *(f"{e.path}:{e.line} {told.sentence}" for e, told in ran)]
    reasons = Counter(told.reason or "" for _, told in found if told.reason)
    texts += [f"{count} not run: {why}" for why, count in reasons.most_common()]
    margin = " " * INDENT
    inside = None if width is None else width - INDENT + 2
    wrapped_lines = (each for text in texts for each in wrapped(plain(text), inside))
    return [f"{margin}{line[2:]}" for line in wrapped_lines]


def plain(text: str) -> str:
    from codemods.report.text import plain

    return plain(text)
