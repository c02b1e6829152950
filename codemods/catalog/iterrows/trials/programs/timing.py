"""How much processor time the code takes, on frames of growing size."""

from __future__ import annotations

import io
import time
from types import CodeType

from codemods.catalog.iterrows.trials.programs.running import (
    Inputs,
    TooLong,
    prepared,
    quiet,
    time_limit,
)
from codemods.evidence.programs.standins import World

SIZES = (100, 10_000, 1_000_000)
SHORTEST = 0.02  # seconds; what takes less is run again, and the best run counts
LEAST_RUNS, MOST_RUNS = 3, 10
TICKS = 0.1  # seconds
Told = list[tuple[int, float, float]]


def timings(before: CodeType, after: CodeType, inputs: Inputs, seconds: float) -> Told:
    """Rows and seconds before and after, for the sizes that fit into the time."""
    found: Told = []
    left = seconds
    per_row = 0.0
    for rows in SIZES:
        if per_row * rows > left:
            break
        frames = {n: f.grown(rows) for n, f in inputs.frames.items() if f.rows}
        if len(frames) != len(inputs.frames):
            break
        grown = Inputs(frames, inputs.values, inputs.seed)
        taken = [best(code, grown, left) for code in (before, after)]
        if taken[0] is None or taken[1] is None:
            break
        found.append((rows, taken[0], taken[1]))
        per_row = taken[0] / rows
        left -= taken[0] + taken[1]
    return found


def best(code: CodeType, inputs: Inputs, left: float) -> float | None:
    """Seconds of the best run; None where it raises or takes longer than is left."""
    found: float | None = None
    for number in range(MOST_RUNS):
        taken = once(code, inputs, left)
        if taken is None:
            return None
        found = taken if found is None else min(found, taken)
        if found > (SHORTEST if number >= LEAST_RUNS else TICKS):
            break
    return found


def once(code: CodeType, inputs: Inputs, left: float) -> float | None:
    world = World(inputs.seed, lambda value: None, str)
    world.listens = False
    with quiet(io.StringIO()):
        names = prepared(code, world)
        given = inputs.made(world, names)
        began, spent = time.perf_counter(), time.process_time()
        try:
            with time_limit(max(left, 0.1)):
                returned = names["_trial"](**given)
                if hasattr(returned, "__next__"):
                    returned = list(returned)
        except (Exception, TooLong):
            return None
        wall, spent = time.perf_counter() - began, time.process_time() - spent
        # Others on the machine hold up the clock on the wall; that of the processor
        # ticks too slowly for a short run.
        return spent if spent > TICKS else wall
