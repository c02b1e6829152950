"""What became of repositories, for the service: tables, and who writes into them."""

from __future__ import annotations

import os

import sqlalchemy as sa

from bot.ports import Trouble
from bot.report import Report
from bot.service.database import unless_there
from bot.service.ledger.records import Run, know, recorded
from bot.service.ledger.tables import (
    FORGOTTEN,
    OF_A_REPOSITORY,
    PAST,
    REPOSITORIES,
    SCHEMA,
    TABLES,
    VERSION,
)


class Ledger:
    """The tables, made where they are not there; methods raise SQLAlchemyError."""

    def __init__(self, database: str) -> None:
        """Raises Trouble where a newer version of the service made the tables."""
        self.engine = sa.create_engine(database, pool_pre_ping=True)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", in_wal_mode)
            only_ours(self.engine.url.database)
        TABLES.create_all(self.engine)
        with self.engine.begin() as work:
            found = work.execute(sa.select(SCHEMA.c.version)).scalar()
            if found is None:
                work.execute(sa.insert(SCHEMA).values(version=VERSION))
            elif found > VERSION:
                raise Trouble("the database is that of a newer codemod: upgrade this")

    def begin(self, repository: str, now: float, installation: int = 0) -> None:
        """A look at a repository begins; `now` 0 takes that back."""
        row: dict[str, object] = {"begun": now, "shown": repository}
        if installation:
            row["installation"] = installation
        self.know(repository, row)

    def know(self, repository: str, row: dict[str, object]) -> None:
        """Set some columns of a repository that may be new."""
        with self.engine.begin() as work:
            know(work, repository, row)

    def begun_after(self, repository: str, moment: float) -> bool:
        """Whether a look at a repository began after a moment (s since 1970)."""
        asked = sa.select(REPOSITORIES.c.begun).where(
            REPOSITORIES.c.name == repository.lower()
        )
        with self.engine.connect() as work:
            found = work.execute(asked).scalar()
        return found is not None and found > moment

    def forgotten_after(self, repository: str, moment: float) -> bool:
        """Whether it was asked to forget a repository after a moment (s since 1970)."""
        mine = FORGOTTEN.c.repository == repository.lower()
        asked = sa.select(FORGOTTEN.c.at).where(mine, FORGOTTEN.c.at > moment)
        with self.engine.connect() as work:
            return work.execute(asked).first() is not None

    def record(self, run: Run, report: Report | None) -> None:
        """Keep what became of a job; once more, and it is the same."""
        with self.engine.begin() as work:
            recorded(work, run, report)

    def forget(self, repository: str, moment: float = 0.0) -> None:
        """Keep nothing of it but that this was asked for at a moment (s since 1970)."""
        with self.engine.begin() as work:
            forget(work, repository.lower())
            over(work, repository.lower(), moment)
            past_changed(work)

    def rename(self, before: str, now: str, moment: float = 0.0) -> None:
        """A repository has another name: under it is what was known under the old one,
        unless something is known already. The moment is as in `forget`."""
        old, new = before.lower(), now.lower()
        mine = REPOSITORIES.c.name
        with self.engine.begin() as work:
            if old != new:
                over(work, old, moment)
            if work.execute(sa.select(mine).where(mine == new)).first():
                if old != new:
                    forget(work, old)
                    past_changed(work)
                return
            forget(work, new)  # a turn of the sweep's, if anything
            names = {"name": new, "shown": now}
            work.execute(sa.update(REPOSITORIES).where(mine == old).values(names))
            for table in OF_A_REPOSITORY:
                its = table.c.repository == old
                work.execute(sa.update(table).where(its).values(repository=new))
            past_changed(work)


def forget(work: sa.Connection, name: str) -> None:
    work.execute(sa.delete(REPOSITORIES).where(REPOSITORIES.c.name == name))
    for table in OF_A_REPOSITORY:
        work.execute(sa.delete(table).where(table.c.repository == name))


def over(work: sa.Connection, name: str, moment: float) -> None:
    """What was asked for under this name before a moment counts no more."""
    row = {"repository": name, "at": moment}
    work.execute(unless_there(work.engine, FORGOTTEN).values(row))
    older = (FORGOTTEN.c.repository == name, FORGOTTEN.c.at < moment)
    work.execute(sa.update(FORGOTTEN).where(*older).values(at=moment))


def past_changed(work: sa.Connection) -> None:
    """The last that a transaction does: all of them want this row."""
    work.execute(unless_there(work.engine, PAST).values(id=1, changes=0))
    work.execute(sa.update(PAST).values(changes=PAST.c.changes + 1))


def in_wal_mode(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=wal")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def only_ours(path: str | None) -> None:
    """Code of private repositories will be in this file: no others may read it."""
    if path and path != ":memory:" and not os.path.exists(path):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


__all__ = ["Ledger", "Run"]
