"""What follows from a receipt for its finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from codemods.model import Finding, OptionValue
from codemods.receipt import Receipt, times

MIN_SPEEDUP = "min-speedup"


def judged_by(
    receipt: Receipt, finding: Finding, options: Mapping[str, OptionValue]
) -> Finding:
    """The finding with its receipt.

    A difference withdraws a safe fix and shows in the caveat of an unsafe one. A fix
    that gains less than the option `min-speedup` (0: whatever it gains) is withdrawn.
    """
    found = replace(finding, evidence=receipt)
    if receipt.outcome == "difference":
        seen = f"seen when it was run: {receipt.counterexample}"
        if finding.verdict == "unsafe":
            return replace(found, caveat=f"{finding.caveat}; {seen}")
        return _withdrawn(found, seen)
    least = options.get(MIN_SPEEDUP, 0)
    if isinstance(least, int) and least > 0 and receipt.timings:
        timing = receipt.timings[-1]
        if timing.speedup < least:
            gain = f"{times(timing.speedup)} at {timing.size:,} {receipt.unit}"
            return _withdrawn(found, f"not worth it: {gain}")
    return found


def _withdrawn(finding: Finding, reason: str) -> Finding:
    return replace(
        finding,
        verdict="declined",
        applied=False,
        caveat=None,
        reason=reason,
        after=None,
    )
