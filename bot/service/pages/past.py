"""What changed on days that are over, added up once for all who see the same.

To add it up is most of what the list of ten thousand repositories costs, and it stays
the same until a repository is forgotten or renamed, which the ledger counts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

import sqlalchemy as sa

from bot.service.ledger.tables import PAST
from bot.service.pages.counts import Moves, Window
from bot.service.pages.seen import Seen

KEPT = 100  # sets of repositories; some 50 kB each
# What somebody sees, the days, and how often repositories were forgotten until then.
Key = tuple[bytes | None, int, int, int]


@dataclass(frozen=True, slots=True)
class Past:
    """The sums that this process has, those used last at the end."""

    kept: OrderedDict[Key, Moves] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def moves(
        self,
        work: sa.Connection,
        seen: Seen,
        window: Window,
        added_up: Callable[[], Moves],
    ) -> Moves:
        """Of the days of the window that are settled."""
        changes = work.execute(sa.select(PAST.c.changes)).scalar() or 0
        names = None if seen.names is None else sha256(seen.names.encode()).digest()
        key = (names, window.today, window.days, changes)
        with self.lock:
            found = self.kept.get(key)
        if found is None:
            found = added_up()
        with self.lock:
            self.kept[key] = found
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return found
