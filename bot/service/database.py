"""What is asked of the database, be it SQLite in a file or PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

Got = TypeVar("Got")
LONGEST = 10.0  # seconds between two tries
# What waiting mends: no connection, no room.
PASSING = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
FULL = ("disk is full", "disk I/O error", "No space left on device")


def now(engine: sa.Engine) -> float:
    """Seconds since 1970 by the database's clock, which all processes share."""
    if engine.dialect.name == "sqlite":
        return time.time()
    asked = sa.select(sa.func.extract("epoch", sa.func.clock_timestamp()))
    with engine.connect() as work:
        return float(work.execute(asked).scalar_one())


def make(engine: sa.Engine, table: sa.Table) -> None:
    """Make a table that is not there; another process may just be doing so."""
    try:
        table.create(engine, checkfirst=True)
    except DBAPIError:
        table.create(engine, checkfirst=True)


def unless_there(engine: sa.Engine, table: sa.Table) -> sa.Insert:
    """An insert that leaves a row of the same key as it is, also one that another
    process is just making."""
    if engine.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def patiently(ask: Callable[[], Got], pause: float = 0.5) -> Got:
    """What the database says, once it answers: a job waits where it is, however long
    the database is away or its disk full, as dbos's own steps do.

    Raises SQLAlchemyError for what waiting does not mend.
    """
    while True:
        try:
            return ask()
        except PASSING:
            time.sleep(pause)
            pause = min(pause * 2, LONGEST)


def engine_for_jobs(database: str) -> sa.Engine | None:
    """The engine that dbos is to use where its own would not do.

    dbos waits while SQLite says that it is locked. It does not while the disk is full:
    the job at hand would be written down as failed. So that is told to it as a lock.
    """
    if not database.startswith("sqlite"):
        return None
    engine = sa.create_engine(database, pool_size=20, max_overflow=0)
    sa.event.listen(engine, "connect", as_dbos_connects)
    sa.event.listen(engine, "handle_error", full_is_locked)
    return engine


def as_dbos_connects(
    connection: sa.engine.interfaces.DBAPIConnection, _: object
) -> None:
    connection.isolation_level = "IMMEDIATE"
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=wal")
    # Without waiting for the disk: what a loss of power takes is what was written last,
    # in order. Deliveries are waited for, by their own connection into the same log.
    cursor.execute("PRAGMA synchronous=normal")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def why_not(error: Exception) -> str:
    """What an error of the database comes to, for anybody to read: no addresses."""
    if any(words in str(error) for words in FULL):
        return "the database cannot be written: is its disk full?"
    if isinstance(error, PASSING):
        return "the database does not answer"
    return "the database refuses"


def full_is_locked(context: sa.engine.ExceptionContext) -> None:
    said = str(context.original_exception)
    if any(words in said for words in FULL):
        again = sqlite3.OperationalError(f"database is locked ({said})")
        raise sa.exc.OperationalError(context.statement or "COMMIT", {}, again)
