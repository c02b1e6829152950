"""What was run to see whether a fix changes anything, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Comparison = Literal["no difference", "difference", "impossible"]


class Timing(NamedTuple):
    """How long the code took before and after, in seconds, on `size` units of input."""

    size: int
    before: float
    after: float

    @property
    def speedup(self) -> float:
        return self.before / self.after if self.after else float("inf")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One fix, run before and after on generated input: never a proof.

    `trials` is how often both were run, on what `subject` names ("frames"). Of these
    `identical` ended with the same types throughout, in `raised` both raised the same,
    in `vacuous` nothing happened, `differing` ended otherwise. `counterexample` is the
    smallest input found that shows a difference, and what differs; `reason` why there
    is no receipt. `notes` are
    clauses on what stands in for what, and on what the change lets through. `replay` is
    the command that makes the receipt again.
    """

    codemod: str
    outcome: Comparison
    subject: str = "inputs"
    trials: int = 0
    identical: int = 0
    raised: int = 0
    vacuous: int = 0
    differing: int = 0
    unit: str = "rows"
    timings: tuple[Timing, ...] = ()
    seed: int = 0
    counterexample: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()
    replay: str = ""

    @property
    def sentence(self) -> str:
        """The receipt as a maintainer reads it, without a full stop."""
        return "; ".join([self._compared(), *self.notes, *self._timed()])

    def _compared(self) -> str:
        match self.outcome:
            case "impossible":
                return f"not run: {self.reason}"
            case "difference":
                many = f" on {self.differing:,} of {self.trials:,} {self.subject}"
                shown = many if self.differing else ""
                return f"a difference was found{shown}: {self.counterexample}"
        ran = f"no difference found on {self.trials:,} {self.subject}"
        types = " types" if self.subject == "frames" else ""
        parts = [f"{self.identical:,} identical{types}"]
        if self.raised:
            parts.append(f"{self.raised:,} raised in both")
        if self.vacuous:
            parts.append(f"nothing happened in {self.vacuous:,}")
        return f"{ran} ({', '.join(parts)})"

    def _timed(self) -> list[str]:
        return [
            f"{times(each.speedup)} at {each.size:,} {self.unit}"
            for each in self.timings[-1:]
        ]

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "sentence": self.sentence,
            "subject": self.subject,
            "trials": self.trials,
            "identical_types": self.identical,
            "both_raised": self.raised,
            "vacuous": self.vacuous,
            "differing": self.differing,
            "timings": [
                {self.unit: each.size, "before": each.before, "after": each.after}
                for each in self.timings
            ],
            "seed": self.seed,
            "counterexample": self.counterexample,
            "reason": self.reason,
            "notes": list(self.notes),
            "replay": self.replay,
        }


def times(speedup: float) -> str:
    """`57 times faster`, `as fast`, `1.4 times slower`."""
    if 0.95 <= speedup < 1.05:
        return "as fast"
    factor, word = (speedup, "faster") if speedup > 1 else (1 / speedup, "slower")
    shown = f"{factor:.1f}" if factor < 9.95 else f"{factor:,.0f}"
    return f"{shown} times {word}"
