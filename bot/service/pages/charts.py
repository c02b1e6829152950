"""Where the lines of a chart run, in units of its drawing; templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from bot.service.pages.counts import Series, Window

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 10, 22  # margins; numbers and dates are in them
SPARK = (96, 24)
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it is and what it says."""

    at: float
    moment: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A burndown: the line of fixes with the area under it, and that of what is left
    alone; `rows` says the same in numbers: (moment, fixes, left)."""

    fixes: str
    area: str
    left: str
    ends: tuple[float, float]
    levels: tuple[tuple[float, int], ...]
    dates: tuple[Tick, ...]
    rows: tuple[tuple[float, int, int], ...]


def chart(series: Series, window: Window) -> Chart:
    top = ceiling(max(*series.fixes, *series.left, 1))
    low, high = HEIGHT - BOTTOM, TOP
    last = len(series.fixes) - 1

    def height(value: int) -> float:
        return low - (low - high) * value / top

    def across(step: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last

    fixes = [(across(at), height(n)) for at, n in enumerate(series.fixes)]
    left = [(across(at), height(n)) for at, n in enumerate(series.left)]
    moments = window.moments
    marked = (0, last // 2, last)
    weekly = range(last, -1, -max(1, last // 13))
    return Chart(
        fixes=stairs(fixes),
        area=f"{stairs(fixes)}V{low}H{LEFT}Z",
        left=stairs(left),
        ends=fixes[-1],
        levels=tuple((height(level), level) for level in levels(top)),
        dates=tuple(Tick(across(at), moments[at]) for at in marked),
        rows=tuple((moments[at], series.fixes[at], series.left[at]) for at in weekly),
    )


def spark(values: Sequence[int]) -> str:
    """The line of a small chart without axes, from zero up."""
    width, height = SPARK
    top = max(*values, 1)
    last = len(values) - 1
    return stairs(
        [
            (2 + (width - 4) * at / last, height - 3 - (height - 6) * n / top)
            for at, n in enumerate(values)
        ]
    )


def stairs(points: Sequence[tuple[float, float]]) -> str:
    """A path that stays where it is until the next value holds."""
    (x, y), *rest = points
    parts = [f"M{x:.1f} {y:.1f}"]
    for (across, up), (_, before) in zip(rest, points, strict=False):
        parts.append(f"H{across:.1f}")
        if up != before:
            parts.append(f"V{up:.1f}")
    return "".join(parts)


def ceiling(value: int) -> int:
    """The least number of 1, 2 or 5 and zeros that is not below it."""
    power: int = 10 ** int(log10(value))
    return next(step * power for step in STEPS if step * power >= value)


def levels(top: int) -> tuple[int, ...]:
    return (0, top // 2, top) if top > 1 else (0, top)
