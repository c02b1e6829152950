"""When nights begin, by whose clock, and whose turn is when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.service.nightly.calendar import Calendar, Schedule, asked, calendar_of
from bot.settings import SettingsError


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def nights(schedule: Schedule, first: str, last: str) -> list[str]:
    """The beginnings that are seen by one who asks every ten minutes."""
    found: list[float] = []
    at = moment(first)
    while at < moment(last):
        night = schedule.night(at)
        if night not in found:
            found.append(night)
        at += 600
    return [f"{datetime.fromtimestamp(n, UTC):%m-%d %H:%M}" for n in found]


def test_a_night_begins_by_the_clock_of_its_time_zone() -> None:
    tokyo = Schedule(zone="Asia/Tokyo")
    assert nights(tokyo, "2026-11-24 00:00", "2026-11-25 12:00") == [
        "11-23 17:00",
        "11-24 17:00",
    ]


@pytest.mark.parametrize("cron", ["0 2 * * *", "30 2 * * *"])
def test_when_clocks_change_there_is_one_night_all_the_same(cron: str) -> None:
    berlin = Schedule(cron=cron, zone="Europe/Berlin")
    assert len(nights(berlin, "2026-03-28 12:00", "2026-03-30 12:00")) == 3
    assert len(nights(berlin, "2026-10-24 12:00", "2026-10-26 12:00")) == 3


def test_turns_are_spread_over_the_window_and_stay() -> None:
    schedule = Schedule(hours=4)
    names = [f"acme/app{number}" for number in range(1000)]
    turns = [schedule.turn(0.0, name) for name in names]
    assert turns == [schedule.turn(0.0, name.upper()) for name in names]
    assert min(turns) >= 0
    assert max(turns) < 4 * 3600
    quarters = [0] * 16
    for turn in turns:
        quarters[int(turn // 900)] += 1
    # 62 in each quarter of an hour, if they were spread evenly.
    assert all(35 < count < 95 for count in quarters), quarters


def test_installations_have_their_own(tmp_path: Path) -> None:
    file = tmp_path / "installations.toml"
    file.write_text(
        "[[installation]]\n"
        'account = "Acme"\n'
        'time-zone = "America/New_York"\n'
        "hours = 1\n"
        "[[installation]]\n"
        "id = 77\n"
        "off = true\n"
    )
    found = asked("0 3 * * *", "UTC", 4.0, str(file))
    assert calendar_of(found.as_json) == found
    assert found.of(1, "acme") == Schedule("0 3 * * *", "America/New_York", 1)
    assert found.of(77, "other").off
    assert found.of(2, "other") == Schedule("0 3 * * *", "UTC", 4.0)
    # At 7 in UTC it is 3 in New York, in summer.
    assert found.night(moment("2026-07-01 07:30")) == moment("2026-07-01 07:00")


def test_off_is_for_those_that_have_none_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "installations.toml"
    file.write_text('[[installation]]\naccount = "acme"\n')
    found = asked("off", "UTC", 4.0, str(file))
    assert found.sweeps
    assert not found.of(1, "acme").off
    assert found.of(2, "other").off
    assert not asked("off", "UTC", 4.0, None).sweeps
    assert Calendar(Schedule(off=True)).night(1e9) == 0.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "has no tables [[installation]]"),
        ("[installation]\nid = 1", "has no tables [[installation]]"),
        ("[[installation]]\noff = true", "[[installation]] 1: give `account` or `id`"),
        ('[[installation]]\nid = 1\nzone = "UTC"', "1: there is no key 'zone'"),
        ("[[installation]]\nid = 1\ncron = 3", "1: cron: cannot be 3"),
        ("[[installation]]\nid = 1\nhours = true", "1: hours: cannot be True"),
        ("[[installation]]\nid = 1\nhours = 25", "1: spread over 0 to 24 hours"),
        ('[[installation]]\nid = 1\ncron = "x"', "1: 'x' is no cron expression"),
        ('[[installation]]\nid = 1\ncron = "0 0 31 2 *"', "'0 0 31 2 *' is no cron"),
        (
            '[[installation]]\nid = 1\ntime-zone = "Mars"',
            "is no time zone 'Mars'",
        ),
        ("[[installation]", "installations.toml: "),
    ],
)
def test_what_is_no_calendar(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "installations.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        asked("0 2 * * *", "UTC", 4.0, str(file))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("cron", "zone"), [("* * *", "UTC"), ("0 2 * * * *", "UTC"), ("0 2 * * *", "../x")]
)
def test_what_is_no_night(cron: str, zone: str) -> None:
    with pytest.raises(SettingsError, match="--sweep: "):
        asked(cron, zone, 4.0, None)
