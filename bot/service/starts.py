"""How often a job was begun and never ended, because its process did not live on."""

from __future__ import annotations

import sqlalchemy as sa

from bot.service.database import make

STARTS = sa.Table(
    "codemod_starts",
    sa.MetaData(),
    sa.Column("job", sa.String(128), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)


class Starts:
    """A count for each job at work; methods raise SQLAlchemyError."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        make(engine, STARTS)

    def cut_off(self, job: str) -> int:
        """How often a job was begun and did not end."""
        asked = sa.select(STARTS.c.count).where(STARTS.c.job == job)
        with self.engine.connect() as work:
            return int(work.execute(asked).scalar() or 0)

    def begin(self, job: str) -> None:
        mine = STARTS.c.job == job
        with self.engine.begin() as work:
            more = sa.update(STARTS).where(mine).values(count=STARTS.c.count + 1)
            if not work.execute(more).rowcount:
                work.execute(sa.insert(STARTS).values(job=job, count=1))

    def end(self, job: str) -> None:
        with self.engine.begin() as work:
            work.execute(sa.delete(STARTS).where(STARTS.c.job == job))
