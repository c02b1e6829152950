"""Findings: verdicts as they are reported, at places of the file as it was read."""

from __future__ import annotations

from collections.abc import Callable

from codemods.facts import Facts
from codemods.judging import Judged, shown
from codemods.model import Decline, Finding, Fix, Tier
from codemods.suppress import Suppression


def finding(
    judged: Judged,
    path: str,
    *,
    facts: Facts,
    original: Facts,
    origin: Callable[[int], int],
    fingerprint: str,
    applied: bool,
) -> Finding:
    """The finding of a verdict on `facts`, at its place in the `original`."""
    place, verdict = judged.place, judged.verdict
    start, end = (origin(offset) for offset in place.pointed)
    line, column = original.tree.place(start)
    end_line, end_column = original.tree.place(max(start, end))
    before, after = shown(facts.tree.code, judged)
    fix = verdict if isinstance(verdict, Fix) else None
    decline = verdict if isinstance(verdict, Decline) else None
    return Finding(
        codemod=place.codemod.name,
        path=path,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        verdict=_tier(verdict),
        applied=applied,
        message=verdict.message or place.codemod.message,
        caveat=fix.caveat if fix else None,
        reason=decline.reason if decline else None,
        fingerprint=fingerprint,
        before=before,
        after=after if fix else None,
        urgent=decline is not None and decline.urgent,
    )


def _tier(verdict: Fix | Decline) -> Tier:
    match verdict:
        case Fix(caveat=None):
            return "safe"
        case Fix():
            return "unsafe"
    return "declined"


USELESS = "a suppression without a finding"


def useless(
    suppression: Suppression, codemod: str, path: str, fingerprint: str
) -> Finding:
    """The finding that a comment of ours suppresses nothing of a codemod's."""
    return Finding(
        codemod=codemod,
        path=path,
        line=suppression.comment_line,
        column=suppression.column,
        end_line=suppression.comment_line,
        end_column=suppression.column + len(suppression.text),
        verdict="declined",
        applied=False,
        message=USELESS,
        caveat=None,
        reason="the comment suppresses nothing: remove it",
        fingerprint=fingerprint,
        before=suppression.text,
        after=None,
    )
