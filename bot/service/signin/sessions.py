"""Sessions, in the database: any process of the service knows them, and none that
ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.service.database import make
from bot.service.signin import keys

IDLE = 12 * 3600.0  # seconds without a request after which a session is over
LONGEST = 7 * 86_400.0  # seconds after which it is over in any case
NOTED = 60.0  # seconds that may pass before a request is noted

SESSIONS = sa.Table(
    "codemod_sessions",
    sa.MetaData(),
    # A digest of the cookie's value with the secret of the service.
    sa.Column("id", sa.String(43), primary_key=True),
    sa.Column("login", sa.String(100), nullable=False),
    # The names of those that they may read, in lower case; NULL for all.
    sa.Column("repositories", sa.JSON(none_as_null=True)),
    sa.Column("token", sa.LargeBinary),  # GitHub's, enciphered: see keys
    sa.Column("ends", sa.Float, nullable=False, index=True),
    sa.Column("seen", sa.Float, nullable=False, index=True),
    # When GitHub was asked last what they may read, and when it last answered.
    sa.Column("asked", sa.Float, nullable=False),
    sa.Column("listed", sa.Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who signed in. `secret` is their cookie's value; times: s since 1970."""

    secret: str = field(repr=False)
    login: str
    repositories: frozenset[str] | None
    token: str | None = field(repr=False)
    asked: float
    listed: float


@dataclass(frozen=True, slots=True)
class Sessions:
    """The table. `secret` is the service's: with another one no session is found.
    Methods raise SQLAlchemyError."""

    engine: sa.Engine
    secret: str = field(repr=False)

    def prepare(self) -> None:
        make(self.engine, SESSIONS)

    def begin(
        self,
        login: str,
        repositories: Iterable[str] | None,
        token: str | None,
        now: float,
        lasts: float = LONGEST,
    ) -> str:
        """A new session's secret; those that are over go."""
        secret = keys.new()
        row = {
            "id": self.digest(secret),
            "login": login,
            "repositories": listed(repositories),
            "token": keys.enciphered(token, secret) if token else None,
            "ends": now + min(lasts, LONGEST),
            "seen": now,
            "asked": now,
            "listed": now,
        }
        c = SESSIONS.c
        over = sa.or_(c.ends < now, c.seen < now - IDLE)
        with self.engine.begin() as work:
            work.execute(sa.delete(SESSIONS).where(over))
            work.execute(sa.insert(SESSIONS).values(row))
        return secret

    def find(self, secret: str, now: float) -> Session | None:
        """The session, None where there is none or it is over."""
        if not keys.is_one(secret):
            return None
        mine = SESSIONS.c.id == self.digest(secret)
        with self.engine.connect() as work:
            row = work.execute(sa.select(SESSIONS).where(mine)).first()
        if row is None or row.ends < now or row.seen < now - IDLE:
            return None
        if row.seen < now - NOTED:
            with self.engine.begin() as work:
                work.execute(sa.update(SESSIONS).where(mine).values(seen=now))
        names = None if row.repositories is None else frozenset(row.repositories)
        token = keys.deciphered(row.token, secret) if row.token else None
        return Session(secret, row.login, names, token, row.asked, row.listed)

    def may_ask(self, session: Session, now: float) -> bool:
        """Whether it is for this process to ask GitHub again; it is for one only."""
        c = SESSIONS.c
        mine = (c.id == self.digest(session.secret), c.asked == session.asked)
        with self.engine.begin() as work:
            done = work.execute(sa.update(SESSIONS).where(*mine).values(asked=now))
        return bool(done.rowcount)

    def relist(self, session: Session, names: Iterable[str], now: float) -> None:
        mine = SESSIONS.c.id == self.digest(session.secret)
        row = {"repositories": listed(names), "listed": now}
        with self.engine.begin() as work:
            work.execute(sa.update(SESSIONS).where(mine).values(row))

    def end(self, secret: str) -> None:
        mine = SESSIONS.c.id == self.digest(secret)
        with self.engine.begin() as work:
            work.execute(sa.delete(SESSIONS).where(mine))

    def digest(self, secret: str) -> str:
        return keys.text(self.secret, "session", secret)


def listed(names: Iterable[str] | None) -> list[str] | None:
    return None if names is None else sorted(name.lower() for name in names)
