"""How many rows a query may yield: the possible answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounded:
    """At most `rows` rows (None: a number that is not in view)."""

    why: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """May yield many rows, but no limit belongs here."""

    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing bounds it. `ordered`: an ORDER BY says which rows a limit keeps."""

    ordered: bool
    groups: bool
    everything: bool


Extent = Bounded | Refused | Open


# (table, column) -> whether the file declares the column PRIMARY KEY or UNIQUE.
IsKey = Callable[[str, str], bool]
