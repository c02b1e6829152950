"""Smaller inputs, to find the smallest that shows a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codemods.catalog.iterrows.trials.programs.frames import EXTRAS, Frame
from codemods.catalog.iterrows.trials.programs.running import Inputs


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
