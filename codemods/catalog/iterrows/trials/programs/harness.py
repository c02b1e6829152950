"""Runs a loop before and after on frame after frame, and prints what came of it.

`spec.json` says what the loop needs, `before.py` and `after.py` hold it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType
from typing import Any

from codemods.catalog.iterrows.trials.programs.frames import (
    EXTRAS,
    SIZES,
    Choices,
    Frame,
    Wanted,
    frame,
)
from codemods.catalog.iterrows.trials.programs.running import (
    Ended,
    Inputs,
    TooLong,
    run,
)
from codemods.catalog.iterrows.trials.programs.timing import timings
from codemods.evidence.programs.seen import Difference, difference, shortened

OF_PANDAS = re.compile("'(Series|DataFrame)' object has no attribute")
LENGTH = re.compile(r"^Length of values \((\d{1,4})\) does not match")
LISTED = re.compile(r"^(?:None of )?\['([^']*)'")
MARK = "codemod-evidence: "
MOST_DISCOVERED, MOST_SHRINKING, MOST_TOO_LONG, MOST_NAMED = 30, 150, 3, 4
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


class Trials:
    """The frames that a loop wants, found out as it runs."""

    def __init__(self, spec: dict[str, Any], programs: Programs, seed: int) -> None:
        self.spec = spec
        self.programs = programs
        self.seed = seed
        self.choices = Choices(seed)
        self.columns = {name: dict(held) for name, held in spec["frames"].items()}
        self.sizes = list(SIZES)
        self.tally = Tally()

    def inputs(self) -> Inputs:
        frames = {
            name: frame(
                Wanted(
                    columns,
                    tuple(self.spec["optional"]),
                    self.spec["literals"],
                    self.spec["plain"],
                    tuple(self.sizes),
                ),
                self.choices,
                name,
            )
            for name, columns in self.columns.items()
        }
        values = {
            name: (kind, self.choices.any_of(options))
            for name, (kind, options) in self.spec["values"].items()
        }
        return Inputs(frames, values, self.seed)

    def discover(self) -> None:
        """Add columns that the code asks for by names it makes up as it runs."""
        for _ in range(MOST_DISCOVERED):
            inputs = self.inputs()
            ended = run(self.programs.before, inputs, self.programs.observed)
            self.choices.learned(passed=ended.error is None)
            lacking = column_lacking(ended.error)
            columns = next(iter(self.columns.values()))
            if lacking is not None:
                columns.setdefault(lacking, "any")
            length = LENGTH.search(str(ended.error))
            if length is not None:
                self.sizes += [int(length[1])] * len(SIZES)

    def all(self) -> None:
        too_long = 0
        while self.tally.trials < self.spec["number"] and too_long < MOST_TOO_LONG:
            inputs = self.inputs()
            try:
                before, found = self.programs.compared(inputs)
            except TooLong:
                too_long += 1
                self.choices.learned(passed=False)
                continue
            done = self.tally.raised + self.tally.vacuous
            self.count(inputs, before, found)
            useful = done == self.tally.raised + self.tally.vacuous
            self.choices.learned(passed=useful)

    def count(self, inputs: Inputs, before: Ended, found: Difference | None) -> None:
        tally = self.tally
        tally.trials += 1
        tally.asked |= before.asked
        if before.asked:
            tally.absent.update(dict.fromkeys(before.absent))
        if found is not None and not found.only_types:
            tally.differing += 1
            if tally.smallest is None:
                tally.smallest = self.shrunk(inputs, found)
            return
        tally.in_types = tally.in_types or found
        if before.error is not None:
            tally.raised += 1
            tally.errors[f"{type(before.error).__name__}: {before.error}"] += 1
        elif self.is_vacuous(inputs, before):
            tally.vacuous += 1
        else:
            tally.identical += found is None
            if tally.passed is None or size(inputs) > size(tally.passed):
                tally.passed = inputs

    def is_vacuous(self, inputs: Inputs, before: Ended) -> bool:
        """Whether all is as after a frame without rows."""
        if not before.silent:
            return False
        none = {
            name: Frame(
                {c: replace(held, cells=()) for c, held in f.columns.items()},
                "range",
                0,
            )
            for name, f in inputs.frames.items()
        }
        nothing = run(
            self.programs.before, replace(inputs, frames=none), self.programs.observed
        )
        return nothing.kept == before.kept

    def shrunk(self, inputs: Inputs, found: Difference) -> tuple[Inputs, Difference]:
        """The smallest input near this one that still shows a difference."""
        left = MOST_SHRINKING
        changed = True
        while changed:
            changed = False
            for smaller in smaller_than(inputs):
                left -= 1
                if left < 0:
                    return inputs, found
                try:
                    _, difference = self.programs.compared(smaller)
                except TooLong:
                    continue
                if difference is not None and not difference.only_types:
                    inputs, found, changed = smaller, difference, True
                    break
        return inputs, found


def size(inputs: Inputs) -> int:
    return sum(each.rows for each in inputs.frames.values())


def column_lacking(error: BaseException | None) -> str | None:
    """The column that an exception says is not there."""
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        inside = LISTED.search(error.args[0])
        return inside[1] if inside else error.args[0]
    if isinstance(error, AttributeError) and OF_PANDAS.match(str(error)):
        return error.name
    if type(error).__name__ == "UndefinedVariableError":
        named = re.search(r"'(.*)'", str(error))
        return named[1] if named else None
    return None


def smaller_than(inputs: Inputs) -> Iterator[Inputs]:
    """Inputs with a row, a column or an oddity less, the simplest steps first."""
    for name, held in inputs.frames.items():
        for row in range(held.rows):
            yield with_frame(inputs, name, held.without_row(row))
        for column in (each for each in EXTRAS if each in held.columns):
            rest = {key: each for key, each in held.columns.items() if key != column}
            yield with_frame(inputs, name, replace(held, columns=rest))
        if held.index != "range":
            yield with_frame(inputs, name, replace(held, index="range"))


def with_frame(inputs: Inputs, name: str, held: Frame) -> Inputs:
    return replace(inputs, frames={**inputs.frames, name: held})


def report(trials: Trials, spec: dict[str, Any]) -> dict[str, Any]:
    tally = trials.tally
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
        for error, _ in tally.errors.most_common(1):
            told["impossible"] = (
                f"every frame raises in it ({shortened(error, MOST_SHOWN)})"
            )
    if tally.absent:
        told["notes"].append(stood_in(list(tally.absent)))
    if tally.in_types is not None:
        told["notes"].append(f"types alone differ: {tally.in_types}")
    if tally.passed is not None and not tally.asked:
        told["timings"] = timings(
            trials.programs.before, trials.programs.after, tally.passed, spec["seconds"]
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


def compiled(name: str) -> CodeType:
    return compile(Path(name).read_text(encoding="utf-8"), name, "exec")


def main() -> None:
    sys.setrecursionlimit(3000)
    spec = json.loads(Path("spec.json").read_text(encoding="utf-8"))
    programs = Programs(compiled("before.py"), compiled("after.py"), spec["observed"])
    trials = Trials(spec, programs, int(sys.argv[1]))
    try:
        trials.discover()
        trials.all()
    except TooLong:
        print(f"{MARK}{json.dumps({'trials': 0, 'impossible': 'does not end'})}")
        return
    print(f"\n{MARK}{json.dumps(report(trials, spec))}")


if __name__ == "__main__":
    main()
