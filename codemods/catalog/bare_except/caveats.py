"""Doubts as a clause that a maintainer reads in a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from codemods.catalog.bare_except.seen import Doubt

MOST = 2


def caveat(doubts: Sequence[Doubt]) -> str | None:
    """Why a fix is unsafe; None where nothing is in doubt."""
    unknown = [one for one in doubts if one.sort == "unknown"]
    if unknown:
        return f"{_listed(unknown)} may raise anything"
    clauses = []
    read = [one for one in doubts if one.sort == "read"]
    assumed = [one for one in doubts if one.sort in ("assumed", "import")]
    if assumed:
        clauses.append(f"assumes that {_listed(assumed)}")
    if read:
        clauses.append(f"{_listed(read)}: as documented, not as observed")
    return "; ".join(clauses) or None


def _listed(doubts: Sequence[Doubt]) -> str:
    """At most two by name, with their lines, "and N more" for the rest."""
    in_order = sorted(doubts, key=lambda one: (one.line, len(one.text)))
    texts = list(dict.fromkeys(f"{one.text} (line {one.line})" for one in in_order))
    shown, rest = texts[:MOST], texts[MOST:]
    if rest:
        return f"{', '.join(shown)} and {len(rest)} more"
    return " and ".join(shown)
