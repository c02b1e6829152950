"""Whose turn it was in the nightly sweep, and whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from bot.service.ledger.tables import INSTALLATIONS, REPOSITORIES, SWEEP, TURNS

T = TypeVar("T")
ONE = 1  # the only row of SWEEP
NEVER = 0.0


@dataclass(frozen=True, slots=True)
class Installation:
    """`listed`: the night for which its repositories were listed last."""

    id: int
    account: str
    listed: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A repository's last turn: see the columns of tables.TURNS. `name` as GitHub has
    it."""

    name: str
    night: float = NEVER
    outcome: str = ""
    job: str = ""
    seen: str = ""
    base: str = ""
    digest: str = ""


def settle(work: sa.Connection, job: str, base: str) -> None:
    """A job of the sweep's had nothing to do: what was seen before it counts as known,
    if that was asked about the base that the job found to be the right one."""
    c = TURNS.c
    right = sa.case((c.base == base, c.seen), else_="")
    mine = sa.update(TURNS).where(c.job == job)
    work.execute(mine.values(digest=right, base=base))


class Turns:
    """The tables behind the sweep; methods raise SQLAlchemyError."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def begin(self, now: float) -> tuple[float, float]:
        """Since when there are nights, and the last that installations were listed for.

        The first call says since when.
        """
        with self.engine.begin() as work:
            found = work.execute(sa.select(SWEEP.c.since, SWEEP.c.listed)).first()
            if found is None:
                row = {"id": ONE, "since": now, "listed": now, "busy": NEVER}
                work.execute(sa.insert(SWEEP).values(row))
        return (now, now) if found is None else (found.since, found.listed)

    def claim(self, now: float, until: float) -> bool:
        """Whether nobody is at work on turns now; then nobody else is until then."""
        mine = sa.update(SWEEP).where(SWEEP.c.busy <= now).values(busy=until)
        with self.engine.begin() as work:
            return bool(work.execute(mine).rowcount)

    def hold(self, until: float) -> None:
        with self.engine.begin() as work:
            work.execute(sa.update(SWEEP).values(busy=until))

    def installations(self) -> list[Installation]:
        asked = sa.select(INSTALLATIONS).order_by(INSTALLATIONS.c.id)
        with self.engine.connect() as work:
            rows = work.execute(asked)
            return [Installation(row.id, row.account, row.listed) for row in rows]

    def know(self, found: Mapping[int, str], night: float) -> list[int]:
        """Those that GitHub lists, with their accounts; the ones that are gone."""
        there = {each.id: each for each in self.installations()}
        gone = sorted(set(there) - set(found))
        c = INSTALLATIONS.c
        with self.engine.begin() as work:
            for number, account in found.items():
                if number not in there:
                    row = {"id": number, "account": account, "listed": NEVER}
                    work.execute(sa.insert(INSTALLATIONS).values(row))
                elif there[number].account != account:
                    mine = sa.update(INSTALLATIONS).where(c.id == number)
                    work.execute(mine.values(account=account))
            work.execute(sa.delete(INSTALLATIONS).where(c.id.in_(gone)))
            work.execute(sa.update(SWEEP).values(listed=night))
        return gone

    def of(self, installation: int) -> dict[str, str]:
        """Its repositories as they are shown, by name."""
        c = REPOSITORIES.c
        asked = sa.select(c.name, c.shown).where(c.installation == installation)
        with self.engine.connect() as work:
            return {row.name: row.shown for row in work.execute(asked)}

    def hold_to(self, installation: int, names: Collection[str], night: float) -> None:
        """These repositories are an installation's, some of them new."""
        shown = {name.lower(): name for name in names}
        c = REPOSITORIES.c
        with self.engine.begin() as work:
            rows = work.execute(sa.select(c.name, c.installation))
            there = {row.name: row.installation for row in rows if row.name in shown}
            new = [
                {"name": name, "shown": shown[name], "installation": installation}
                for name in shown
                if name not in there
            ]
            if new:
                work.execute(sa.insert(REPOSITORIES), new)
            moved = [name for name, other in there.items() if other != installation]
            for some in batches(moved, 500):
                mine = sa.update(REPOSITORIES).where(c.name.in_(some))
                work.execute(mine.values(installation=installation))
            listed = INSTALLATIONS.c.id == installation
            work.execute(sa.update(INSTALLATIONS).where(listed).values(listed=night))

    def waiting(self, installation: int, night: float) -> list[Turn]:
        """The last turns of those that had none in a night."""
        c, t = REPOSITORIES.c, TURNS.c
        base = sa.func.coalesce(sa.func.nullif(t.base, ""), c.base)
        asked = (
            sa.select(c.shown, t.night, base.label("base"), t.digest)
            .select_from(REPOSITORIES.outerjoin(TURNS, c.name == t.repository))
            .where(c.installation == installation)
            .where((t.night.is_(None)) | (t.night < night))
            .order_by(c.name)
        )
        with self.engine.connect() as work:
            return [
                Turn(
                    row.shown,
                    row.night or NEVER,
                    base=row.base or "",
                    digest=row.digest or "",
                )
                for row in work.execute(asked)
            ]

    def take(self, turns: Iterable[Turn]) -> None:
        """Turns that were taken, in place of those before."""
        rows = [
            {
                "repository": turn.name.lower(),
                "night": turn.night,
                "outcome": turn.outcome,
                "job": turn.job,
                "seen": turn.seen,
                "base": turn.base,
                "digest": turn.digest,
            }
            for turn in turns
        ]
        if not rows:
            return
        names = [row["repository"] for row in rows]
        with self.engine.begin() as work:
            work.execute(sa.delete(TURNS).where(TURNS.c.repository.in_(names)))
            work.execute(sa.insert(TURNS), rows)


def batches(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[at : at + size] for at in range(0, len(items), size))
