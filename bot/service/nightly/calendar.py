"""When nights begin, and when in a night it is a repository's turn. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from croniter.croniter import CroniterError

from bot.settings import SettingsError

HOUR, DAY = 3_600, 24
OFF = "off"
CRON_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """The nights of an installation: cron by the clock of a time zone.

    Repositories are spread over `hours` from there.
    """

    cron: str = "0 2 * * *"
    zone: str = "UTC"
    hours: float = 4.0
    off: bool = False

    def night(self, now: float) -> float:
        """When the last night before a moment began, both in seconds since 1970."""
        there = datetime.fromtimestamp(now, ZoneInfo(self.zone))
        found: datetime = croniter(self.cron, there).get_prev(datetime)
        # The hour that a clock shows twice in autumn counts once.
        return found.replace(fold=0).timestamp()

    def turn(self, night: float, repository: str) -> float:
        """A repository's moment, every night the same time after it began."""
        return night + self.hours * HOUR * share_of(repository)


def share_of(repository: str) -> float:
    """A number from 0 to 1, always the same for a name and otherwise as by chance."""
    data = sha256(repository.lower().encode()).digest()
    return int.from_bytes(data[:6], "big") / 2**48


@dataclass(frozen=True, slots=True)
class Calendar:
    """The schedule of those that have none of their own; theirs by account or id."""

    usual: Schedule = field(default_factory=Schedule)
    own: Mapping[str, Schedule] = field(default_factory=dict)

    def of(self, installation: int, account: str) -> Schedule:
        return (
            self.own.get(str(installation))
            or self.own.get(account.lower())
            or self.usual
        )

    def night(self, now: float) -> float:
        """When the last night of anybody's began."""
        schedules = (self.usual, *self.own.values())
        return max((s.night(now) for s in schedules if not s.off), default=0.0)

    @property
    def sweeps(self) -> bool:
        return any(not each.off for each in (self.usual, *self.own.values()))

    @property
    def as_json(self) -> dict[str, Any]:
        """For the database, from which other processes read it."""
        own = {name: asdict(schedule) for name, schedule in self.own.items()}
        return {"usual": asdict(self.usual), "own": own}


def calendar_of(given: Mapping[str, Any]) -> Calendar:
    """From `as_json`."""
    own = {name: Schedule(**each) for name, each in given["own"].items()}
    return Calendar(Schedule(**given["usual"]), own)


def asked(cron: str, zone: str, hours: float, file: str | None) -> Calendar:
    """What a command line asks for. Raises SettingsError."""
    usual = Schedule(zone=zone, hours=hours)
    usual = replace(usual, **({"off": True} if cron == OFF else {"cron": cron}))
    check(usual, "--sweep")
    return Calendar(usual, listed(file, usual) if file else {})


def listed(file: str, usual: Schedule) -> dict[str, Schedule]:
    """The installations of a TOML file that have a schedule of their own."""
    try:
        with open(file, "rb") as stream:
            tables = tomllib.load(stream).get("installation")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise SettingsError(f"{file}: has no tables [[installation]]")
    own = {}
    for number, table in enumerate(tables, 1):
        place = f"{file}: [[installation]] {number}"
        name = str(table.pop("account", "") or table.pop("id", "")).lower()
        if not name:
            raise SettingsError(f"{place}: give `account` or `id`")
        own[name] = schedule_in(table, usual, place)
    return own


KEYS: Mapping[str, tuple[type, ...]] = {
    "cron": (str,),
    "time-zone": (str,),
    "hours": (int, float),
    "off": (bool,),
}


def schedule_in(table: Mapping[str, Any], usual: Schedule, place: str) -> Schedule:
    for key, value in table.items():
        if key not in KEYS:
            raise SettingsError(f"{place}: there is no key {key!r}")
        if not isinstance(value, KEYS[key]) or (key == "hours" and value is True):
            raise SettingsError(f"{place}: {key}: cannot be {value!r}")
    given = {("zone" if key == "time-zone" else key): table[key] for key in table}
    # Who has an entry is swept, unless it says that they are not.
    found = replace(usual, **{"off": False, **given})
    check(found, place)
    return found


def check(schedule: Schedule, place: str) -> None:
    """Raise SettingsError for what is no schedule."""
    try:
        ZoneInfo(schedule.zone)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"{place}: there is no time zone {schedule.zone!r}"
        ) from error
    if not 0 <= schedule.hours <= DAY:
        raise SettingsError(f"{place}: spread over 0 to {DAY} hours")
    try:
        if len(schedule.cron.split()) != CRON_FIELDS:
            raise ValueError
        schedule.night(0.0)
    except (CroniterError, ValueError) as error:
        raise SettingsError(
            f"{place}: {schedule.cron!r} is no cron expression of five fields"
        ) from error
