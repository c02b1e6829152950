"""What may differ after a fix, in words."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.evidence import Evidence
from codemods.catalog.iterrows.uses import Assumed, Column, Use
from codemods.context import Context

MISSING = (
    "in a row of only text or only dates, a missing value stays what its column holds "
    "(None, say) where it was nan or NaT"
)
NUMBERS = (
    "in a frame of only numbers, values become Python numbers of their own columns "
    "where they were numpy scalars of one common type"
)
WRITTEN = (
    "with pandas 2, in a frame of one type, rows no longer see what the loop writes "
    "into the frame"
)
LEVELS = "assumes that the columns have one level, not the several of a MultiIndex"
DATES = "in a frame of only dates, Timestamps become numpy.datetime64"


def assumptions(uses: list[Use], context: Context) -> list[str]:
    """What the dict form takes for granted of keys and of methods, each once."""
    found: list[str] = []
    for use in uses:
        match use:
            case Assumed(caveat=caveat):
                found.append(caveat)
            case Column(known=False, key=ast.expr() as key):
                found.append(
                    f"assumes that `{context.text(key)}` names a single column"
                )
    return list(dict.fromkeys(found))


def of_columns(evidence: Evidence) -> str | None:
    """What may differ where values come from lists of their own columns."""
    parts = [NUMBERS] if evidence.numbers_differ else []
    parts += [LEVELS] if evidence.levels_differ else []
    return "; ".join([*parts, *_missing(evidence)]) or None


def of_array(
    evidence: Evidence, uses: list[Use], context: Context, *, written: bool
) -> str | None:
    """What may differ where values come from the frame's array.

    `written` where the loop writes into a column that it reads.
    """
    parts = [*assumptions(uses, context), *([WRITTEN] if written else [])]
    parts += [LEVELS] if evidence.levels_differ else []
    dates = [DATES] if evidence.dates_differ else []
    return "; ".join([*parts, *_missing(evidence), *dates]) or None


def _missing(evidence: Evidence) -> list[str]:
    return [MISSING] if evidence.missing_differs else []
