"""What became of repositories: a table of the service's own beside those of dbos."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

TABLES = sa.MetaData()
REPOSITORIES = sa.Table(
    "codemod_repositories",
    TABLES,
    sa.Column("name", sa.String(201), primary_key=True),
    sa.Column("begun", sa.Float, nullable=False, default=0.0),
)
VISITS = sa.Table(
    "codemod_visits",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("repository", sa.String(201), nullable=False, index=True),
    sa.Column("why", sa.String(200), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("ended", sa.Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at a repository; `ended` in seconds since 1970."""

    repository: str
    why: str
    outcome: str
    told: str
    ended: float


class Ledger:
    """The tables, made where they are not there; methods raise SQLAlchemyError."""

    def __init__(self, database: str) -> None:
        self.engine = sa.create_engine(database)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", in_wal_mode)
        TABLES.create_all(self.engine)

    def begin(self, repository: str, now: float) -> None:
        """A look at a repository begins; 0 takes that back."""
        name = repository.lower()
        mine = REPOSITORIES.c.name == name
        with self.engine.begin() as work:
            changed = work.execute(
                sa.update(REPOSITORIES).where(mine).values(begun=now)
            )
            if not changed.rowcount:
                work.execute(sa.insert(REPOSITORIES).values(name=name, begun=now))

    def begun_after(self, repository: str, moment: float) -> bool:
        """Whether a look at a repository began after a moment (s since 1970)."""
        asked = sa.select(REPOSITORIES.c.begun).where(
            REPOSITORIES.c.name == repository.lower()
        )
        with self.engine.connect() as work:
            found = work.execute(asked).scalar()
        return found is not None and found > moment

    def note(
        self, repository: str, why: str, outcome: str, told: str, now: float
    ) -> None:
        row = {
            "repository": repository,
            "why": why[:200],
            "outcome": outcome,
            "told": told,
            "ended": now,
        }
        with self.engine.begin() as work:
            work.execute(sa.insert(VISITS).values(row))

    def forget(self, repository: str) -> None:
        name = repository.lower()
        with self.engine.begin() as work:
            work.execute(sa.delete(REPOSITORIES).where(REPOSITORIES.c.name == name))
            mine = sa.func.lower(VISITS.c.repository) == name
            work.execute(sa.delete(VISITS).where(mine))

    def seen(self, limit: int = 100) -> list[Seen]:
        """The latest looks, newest first."""
        columns = [VISITS.c[name] for name in Seen.__dataclass_fields__]
        asked = sa.select(*columns).order_by(VISITS.c.id.desc()).limit(limit)
        with self.engine.connect() as work:
            return [Seen(*row) for row in work.execute(asked)]

    def is_reachable(self) -> bool:
        try:
            with self.engine.connect() as work:
                work.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            return False
        return True


def in_wal_mode(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=wal")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
