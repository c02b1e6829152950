"""Runs a loop before and after on frame after frame, and prints what came of it.

`spec.json` says what the loop needs, `before.py` and `after.py` hold it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import Any

from codemods.catalog.iterrows.trials.programs.discovery import (
    column_lacking,
    length_lacking,
)
from codemods.catalog.iterrows.trials.programs.frames import (
    SIZES,
    Choices,
    Wanted,
    frame,
)
from codemods.catalog.iterrows.trials.programs.running import (
    Ended,
    Inputs,
    TooLong,
    run,
)
from codemods.catalog.iterrows.trials.programs.shrinking import smaller_than
from codemods.catalog.iterrows.trials.programs.telling import (
    Programs,
    Tally,
    report,
    size,
)
from codemods.evidence.programs.seen import Difference

MARK = "codemod-evidence: "
MOST_DISCOVERED, MOST_SHRINKING, MOST_TOO_LONG, MOST_TRIED = 30, 150, 3, 2


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
                    self.spec["mixed"],
                ),
                self.choices,
                name,
            )
            for name, columns in self.columns.items()
        }
        values = {
            name: self.choices.one_of(name, options)
            for name, options in self.spec["values"].items()
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
            rows = length_lacking(ended.error)
            if rows is not None:
                self.sizes += [rows] * len(SIZES)

    def all(self) -> None:
        too_long = 0
        for _ in range(self.spec["number"] * MOST_TRIED):
            if self.tally.trials >= self.spec["number"] or too_long >= MOST_TOO_LONG:
                break
            inputs = self.inputs()
            try:
                before, found = self.programs.compared(inputs)
            except TooLong:
                too_long += 1
                self.choices.learned(passed=False)
                continue
            if self.spec["mixed"] and not before.mixed:
                self.choices.learned(passed=False)
                continue  # not a frame as the project says that its frames are
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
        none = {name: each.emptied() for name, each in inputs.frames.items()}
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
    print(f"\n{MARK}{json.dumps(report(trials.tally, programs, spec))}")


if __name__ == "__main__":
    main()
