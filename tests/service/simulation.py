"""Nights of up to 100,000 repositories: `python -m tests.service.simulation`.

What a look, a row and a job cost was measured (`python -m tests.service.costs`,
docs/service-figures.md); what is assumed is said beside each number. A look waits for
its turn, for its lane, for a slot of a worker's and for requests that GitHub gives its
installation in that hour.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from bot.service.lanes import LANES
from bot.service.nightly.calendar import share_of
from bot.snapshot import AT_ONCE

HOUR = 3_600.0
TICK = 300.0  # seconds; see nightly.clock.EVERY


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one look unless said otherwise."""

    cpu: float = 2.2  # s; measured: a tree of 2,277 files of which one changed
    requests: int = 10  # measured: docs/bot.md, three pull requests
    waiting: float = 5.0  # s; assumed: for 10 answers of GitHub's and four of git's
    megabytes: float = 0.1  # assumed: one changed file and the trees above it
    findings: int = 100  # of a repository; assumed: the measured tree has 383
    row: int = 1_070  # bytes of a finding with its indexes; measured, in SQLite
    points: int = 1  # of GraphQL, for a repository's snapshot; by GitHub's formula
    job: float = 0.016  # s of CPU for a job of the queue; measured


# After an upgrade nothing that is kept counts, and on a new machine there is nothing.
ANEW = Costs(cpu=16.0, megabytes=7.2)  # measured: the same tree for the first time


@dataclass(frozen=True, slots=True)
class World:
    """What is swept, and with what.

    `changed` is the share of repositories to be looked at in a night: assumed.
    """

    repositories: int
    installations: int
    changed: float = 0.1
    slots: int = 8
    lanes: int = LANES
    hours: float = 4.0


@dataclass(frozen=True, slots=True)
class Night:
    """`ended` in hours after the night began; `busiest` as shares of what there is."""

    looks: int
    asked: int
    ended: float
    cpu_hours: float
    gigabytes: float
    rows: int
    database: float
    busiest: dict[str, float]


def sizes(world: World) -> list[int]:
    """Repositories by installation: the second has half as many as the first, the
    third a third, and so on; each has one at least."""
    weights = [1 / (at + 1) for at in range(world.installations)]
    scale = world.repositories / sum(weights)
    found = [max(1, round(weight * scale)) for weight in weights]
    found[0] += world.repositories - sum(found)
    return found


def limit(size: int) -> int:
    """Requests an hour for an installation: 5,000, and 50 for each repository above 20,
    12,500 at most. https://docs.github.com/rest/using-the-rest-api/rate-limits"""
    return min(12_500, 5_000 + 50 * max(0, size - 20))


def simulated(world: World, costs: Costs) -> Night:
    looks = arrivals(world)
    found = sizes(world)
    ended = max(last(world, costs, looks, found), world.hours * HOUR)
    return Night(
        looks=len(looks),
        asked=snapshots(world),
        ended=ended / HOUR,
        cpu_hours=len(looks) * (costs.cpu + costs.job) / HOUR,
        gigabytes=len(looks) * costs.megabytes / 1_000,
        rows=world.repositories * costs.findings,
        database=world.repositories * costs.findings * costs.row / 1e9,
        busiest=shares(world, costs, found, len(looks)),
    )


def last(
    world: World,
    costs: Costs,
    looks: Sequence[tuple[float, int, int]],
    found: Sequence[int],
) -> float:
    """When the last look ends, in seconds after the night began."""
    lanes: dict[tuple[int, int], deque[float]] = defaultdict(deque)
    for arrived, installation, number in looks:
        lanes[installation, number % world.lanes].append(arrived)
    ready = [(waiting.popleft(), lane) for lane, waiting in lanes.items()]
    heapq.heapify(ready)
    slots = [0.0] * world.slots
    used: Counter[tuple[int, int]] = Counter()
    while ready:
        since, lane = heapq.heappop(ready)
        start = max(since, slots[0])
        hour = (lane[0], int(start // HOUR))
        if used[hour] + costs.requests > limit(found[lane[0]]):
            heapq.heappush(ready, ((start // HOUR + 1) * HOUR, lane))
            continue
        used[hour] += costs.requests
        end = start + costs.cpu + costs.waiting
        heapq.heapreplace(slots, end)
        if lanes[lane]:
            heapq.heappush(ready, (max(lanes[lane].popleft(), end), lane))
    return max(slots)


def snapshots(world: World) -> int:
    """Requests for them: those of an installation that are due at the same tick."""
    due: Counter[tuple[int, int]] = Counter()
    for installation, size in enumerate(sizes(world)):
        for number in range(size):
            turn = share_of(f"org{installation}/app{number}") * world.hours * HOUR
            due[installation, int(turn // TICK)] += 1
    return sum(-(-count // AT_ONCE) for count in due.values())


def arrivals(world: World) -> list[tuple[float, int, int]]:
    """When looks are put: at the first tick after the turn of a repository."""
    found = []
    every = round(1 / world.changed)
    for installation, size in enumerate(sizes(world)):
        for number in range(size):
            name = f"org{installation}/app{number}"
            if int(share_of(f"changed {name}") * every) == 0:
                turn = share_of(name) * world.hours * HOUR
                found.append(((turn // TICK + 1) * TICK, installation, number))
    return sorted(found)


def shares(
    world: World, costs: Costs, found: Sequence[int], looks: int
) -> dict[str, float]:
    """How much of each thing would be used within the window: 1 is all there is."""
    hours = world.hours or 1.0
    largest = found[0]
    seconds = costs.cpu + costs.waiting
    mine = largest * world.changed
    requests = limit(largest) * hours
    return {
        "jobs at a time": looks * seconds / (world.slots * hours * HOUR),
        "lanes": mine * seconds / (world.lanes * hours * HOUR),
        "requests": mine * costs.requests / requests,
        "points": largest * costs.points / requests,
        "the queue": looks * costs.job / (hours * HOUR),
    }


SWEEPS = (
    (World(1_000, 50, slots=2), Costs()),
    (World(10_000, 300, slots=2), Costs()),
    (World(100_000, 2_000, slots=2), Costs()),
    (World(100_000, 2_000, slots=8), Costs()),
    (World(1_000, 50, 1.0, slots=2), ANEW),
    (World(10_000, 300, 1.0, slots=8), ANEW),
    (World(100_000, 2_000, 1.0, slots=8), ANEW),
    (World(100_000, 2_000, 1.0, slots=128), ANEW),
    (World(100_000, 2_000, 1.0, slots=128, lanes=16), ANEW),
)
HEAD = (
    *("repositories", "changed", "jobs at a time", "lanes", "looks", "over after"),
    *("CPU", "git", "snapshots", "findings", "fullest"),
)


def told(world: World, costs: Costs) -> str:
    night = simulated(world, costs)
    fullest = max(night.busiest, key=lambda name: night.busiest[name])
    cells = (
        f"{world.repositories:,}",
        f"{world.changed:.0%}",
        str(world.slots),
        str(world.lanes),
        f"{night.looks:,}",
        f"{night.ended:.1f} h",
        f"{night.cpu_hours:,.1f} h",
        f"{night.gigabytes:,.1f} GB",
        f"{night.asked:,} requests",
        f"{night.rows:,} rows, {night.database:.1f} GB",
        f"{fullest}: {night.busiest[fullest]:.0%}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    print(f"| {' | '.join(HEAD)} |")
    print(f"|{' ---: |' * len(HEAD)}")
    for world, costs in SWEEPS:
        print(told(world, costs))


if __name__ == "__main__":
    main()
