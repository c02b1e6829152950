"""What came of the trials, as the receipt is told it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from codemods.catalog.iterrows.trials.programs.running import Ended, Inputs, run
from codemods.catalog.iterrows.trials.programs.timing import timings
from codemods.evidence.programs.seen import Difference, difference, shortened

MOST_NAMED = 4
MOST_SHOWN = 120  # characters of an error


@dataclass(frozen=True)
class Programs:
    """The two forms of one piece of code, and the names that are looked at after."""

    before: CodeType
    after: CodeType
    observed: list[str]

    def compared(self, inputs: Inputs) -> tuple[Ended, Difference | None]:
        before = run(self.before, inputs, self.observed)
        after = run(self.after, inputs, self.observed)
        return before, difference(before.tree, after.tree, "")


@dataclass
class Tally:
    """What came of the trials so far."""

    trials: int = 0
    identical: int = 0
    raised: int = 0
    vacuous: int = 0
    differing: int = 0
    asked: bool = False
    smallest: tuple[Inputs, Difference] | None = None
    in_types: Difference | None = None
    passed: Inputs | None = None
    absent: dict[str, None] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)


def size(inputs: Inputs) -> int:
    return sum(each.rows for each in inputs.frames.values())


def report(tally: Tally, programs: Programs, spec: dict[str, Any]) -> dict[str, Any]:
    if not tally.trials:
        return {"trials": 0, "impossible": "runs longer than can be waited for"}
    told: dict[str, Any] = {
        "trials": tally.trials,
        "identical": tally.identical,
        "raised": tally.raised,
        "vacuous": tally.vacuous,
        "differing": tally.differing,
        "notes": [],
    }
    if tally.smallest is not None:
        told["counterexample"] = example(*tally.smallest)
    elif tally.trials == tally.raised + tally.vacuous:
        told["impossible"] = "nothing that could be compared comes of it"
        few = tally.vacuous > tally.raised
        for error, _ in tally.errors.most_common(0 if few else 1):
            told["impossible"] = (
                f"every frame raises in it ({shortened(error, MOST_SHOWN)})"
            )
    if tally.absent:
        told["notes"].append(stood_in(list(tally.absent)))
    if tally.in_types is not None:
        told["notes"].append(f"types alone differ: {tally.in_types}")
    if tally.passed is not None and not tally.asked:
        told["timings"] = timings(
            programs.before, programs.after, tally.passed, spec["seconds"]
        )
    return told


def stood_in(names: list[str]) -> str:
    shown = ", ".join(n if "`" in n else f"`{n}`" for n in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"with stand-ins for {shown}{more}"


def example(inputs: Inputs, found: Difference) -> str:
    frames = "; ".join(f"{held}" for held in inputs.frames.values())
    given = [
        f"{name}={value!r}"
        for name, (kind, value) in inputs.values.items()
        if kind == "value"
    ]
    return f"with {'; '.join([frames, *given])}: {found}"
