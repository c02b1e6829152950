"""What the analysis knows of a piece of code: types, exceptions, and doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, Kinds, union

# "unknown": may raise anything. "assumed": bounded if the value is of a builtin type.
# "read": what it raises was read in a documentation. "import": runs a module.
Sort = Literal["unknown", "assumed", "read", "import"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """An operation that the analysis cannot vouch for, as a clause, and its line."""

    sort: Sort
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The types a piece of code may have, what it may raise, what is in doubt."""

    kinds: Kinds = UNKNOWN
    raises: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()

    def giving(self, kinds: Kinds) -> Seen:
        return replace(self, kinds=kinds)

    def after(self, *others: Seen) -> Seen:
        """The same value, with what else was done on the way to it."""
        return joined((self, *others)).giving(self.kinds)

    def raising(self, *names: str) -> Seen:
        return replace(self, raises=self.raises | frozenset(names))

    def doubting(self, *doubts: Doubt) -> Seen:
        fresh = tuple(one for one in doubts if one not in self.doubts)
        return replace(self, doubts=(*self.doubts, *fresh))


NOTHING = Seen(NEVER)


def joined(several: Iterable[Seen]) -> Seen:
    """Any of several pieces, or all of them one after another."""
    parts = tuple(several)
    doubts = dict.fromkeys(doubt for part in parts for doubt in part.doubts)
    return Seen(
        union(part.kinds for part in parts),
        frozenset().union(*(part.raises for part in parts)),
        tuple(doubts),
    )
