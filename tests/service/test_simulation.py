"""The simulation by numbers worked out by hand, and a small night as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.many import Many, answering
from tests.service.simulation import Costs, World, arrivals, limit, simulated, sizes
from tests.service.thousand import DAY, nights, settled

COSTS = Costs(cpu=8.0, requests=10, waiting=2.0, megabytes=5.0, findings=3, row=1_000)


def test_installations_get_smaller() -> None:
    assert sizes(World(11, 3)) == [6, 3, 2]
    assert sum(sizes(World(100_000, 2_000))) == 100_000


@pytest.mark.parametrize(("size", "most"), [(20, 5_000), (21, 5_050), (1_000, 12_500)])
def test_githubs_limit(size: int, most: int) -> None:
    assert limit(size) == most


def test_one_lane_does_one_look_after_another() -> None:
    """Twelve looks of 10 s, all at the first tick, 300 s after the night began."""
    world = World(12, 1, changed=1.0, slots=8, lanes=1, hours=0.0)
    assert [at for at, _, _ in arrivals(world)] == [300.0] * 12
    night = simulated(world, COSTS)
    assert night.ended * 3_600 == pytest.approx(300 + 12 * 10)
    assert night.gigabytes == pytest.approx(0.06)
    assert (night.looks, night.asked, night.rows) == (12, 1, 36)


def test_slots_are_shared_and_lanes_side_by_side() -> None:
    world = World(12, 1, changed=1.0, slots=2, lanes=4, hours=0.0)
    assert simulated(world, COSTS).ended * 3_600 == pytest.approx(300 + 6 * 10)


def test_a_rate_limit_puts_off_to_the_next_hour() -> None:
    """20 looks, 5,000 requests an hour: 250 for each, and not one more."""
    one = Costs(cpu=1.0, waiting=0.0, requests=250)
    world = World(20, 1, changed=1.0, slots=20, lanes=20, hours=0.0)
    assert simulated(world, one).ended * 3_600 == pytest.approx(301)
    more = Costs(cpu=1.0, waiting=0.0, requests=251)
    assert simulated(world, more).ended * 3_600 == pytest.approx(3_601)


def test_a_night_with_nothing_new(tmp_path: Path) -> None:
    many = Many()
    with answering(many) as api:
        found = nights(tmp_path, 120, many, api)
        settled(found)
        assert found.at(3 * DAY) == {"nothing new": 120}
    # Installations, two pages of repositories, three times up to fifty snapshots.
    assert len(many.requests) == 6
    assert found.jobs == []
