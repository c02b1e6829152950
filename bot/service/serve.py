"""`codemod-bot serve` and `worker`: the service's processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import structlog
import uvicorn
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import SQLAlchemyError

from bot import report
from bot.access import access
from bot.addresses import web_of
from bot.ports import Trouble
from bot.report import Report
from bot.service import jobs, listing, logs, pages, retention, traces
from bot.service.attempts import Outcome
from bot.service.connections import settings
from bot.service.ledger import Ledger
from bot.service.nightly import calendar, clock
from bot.service.signin import SignIn, Ways, asked_for, who
from bot.service.signin.sessions import Sessions
from bot.service.web import application
from bot.service.webhook import Webhook
from bot.settings import SettingsError

SECRET = "CODEMOD_WEBHOOK_SECRET"
OLD_SECRET = "CODEMOD_WEBHOOK_SECRET_OLD"  # while a new one takes its place
METRICS_TOKEN = "CODEMOD_METRICS_TOKEN"
NEEDED = (3, 42, 0)  # of SQLite, by dbos on Python 3.12 and newer
TIME_LIMIT = 1_800  # seconds for one repository
FINAL = 2  # exit code of `run` for what does not pass
NOISE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Running:
    """Looks at repositories by `codemod-bot run`, and does what comments ask for by
    `codemod-bot command`, each in a process of its own: what goes wrong there, memory
    or time, is over with it."""

    arguments: tuple[str, ...]

    def __call__(self, repository: str) -> Outcome:
        return self.reporting("run", repository)

    def obey(self, repository: str, pull: int, comment: int) -> Outcome:
        place = f"{repository}#{pull}"
        return self.reporting("command", place, "--comment", str(comment))

    def reporting(self, *command: str) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="codemod-look-") as folder:
            left = os.path.join(folder, "report.json")
            outcome = self.run(*command, "--report", left)
            told = read(left)
            kind = "final" if told is not None and told.lasting else outcome.kind
            return replace(outcome, kind=kind, report=told)

    def run(self, *given: str) -> Outcome:
        tied = ("bot.service.tethered", str(os.getpid()))
        command = [sys.executable, "-m", *tied, *given]
        with subprocess.Popen(
            [*command, *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as child:
            try:
                _, errors = child.communicate(timeout=TIME_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)  # and the git that it runs
                return Outcome("passing", f"took more than {TIME_LIMIT} s")
        if not child.returncode:
            return Outcome("done")
        said = NOISE.sub("", errors).strip().removeprefix("codemod-bot: ")
        kind: Literal["final", "passing"]
        kind = "final" if child.returncode == FINAL else "passing"
        return Outcome(kind, said or f"ended with {child.returncode}")


def read(path: str) -> Report | None:
    """The report that a run left, if it came so far."""
    try:
        with open(path, encoding="utf-8", errors="surrogatepass") as stream:
            return report.read(stream.read())
    except (OSError, ValueError):
        return None


def serve(given: Namespace) -> int:
    """Answer webhooks, and do the jobs unless only workers do. Raises SettingsError."""
    secrets = [
        os.environ[name] for name in (SECRET, OLD_SECRET) if os.environ.get(name)
    ]
    if not secrets:
        raise SettingsError(f"set {SECRET}: without it anybody could send deliveries")
    here = (given.url, given.host, given.port)
    nights = calendar.asked(
        given.sweep, given.time_zone, given.sweep_hours, given.installations
    )
    ways = asked_for(os.environ, *here, given.github_url, given.admins)
    watched()
    workers = 0 if given.no_jobs else given.jobs
    ledger = begun(given, workers, given.name or socket.gethostname())
    clock.keep(nights, given.github_url)
    log = structlog.get_logger()
    webhook = Webhook(secrets, given.login, jobs.keep, jobs.trouble, log.info)
    shown = pages.routes(ledger, who, web_of(given.github_url), listing)
    app = application(
        webhook,
        CollectorRegistry(),
        sign_in(ways, ledger),
        shown,
        metrics_token=os.environ.get(METRICS_TOKEN, ""),
    )
    # Jobs' threads keep the one that answers waiting no longer than this (s).
    sys.setswitchinterval(0.0005)
    config = settings(app, given.host, given.port, given.forwarded_allow_ips)
    log.info("serving", host=given.host, port=given.port)
    # It raises a signal again when it has ended: we have something to end as well.
    signal.signal(signal.SIGTERM, lambda *_: None)
    code = 3  # of uvicorn, where it cannot begin, and of ours
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run()
        code = 0
    finally:
        end(code)
    return code


def sign_in(ways: Ways | str, ledger: Ledger) -> SignIn | None:
    """Sign-in in these ways, None where there is none, and why is said."""
    log = structlog.get_logger()
    if isinstance(ways, str):
        log.info("no pages", why=ways)
        return None
    sessions = Sessions(ledger.engine, ways.secret)
    sessions.prepare()
    return SignIn(ways, sessions, time.time, log.info)


def work(given: Namespace) -> int:
    """Do jobs, and nothing else, until told to end."""
    watched()
    begun(given, given.jobs, given.name or f"{socket.gethostname()}-worker")
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    structlog.get_logger().info("working", jobs=given.jobs)
    over.wait()
    end(0)
    return 0


def end(code: int) -> None:
    busy = jobs.stop()
    traces.end()
    if busy:  # a look may take half an hour: it ends with us, and begins again
        os._exit(code)


def watched() -> None:
    """Log and trace from now on."""
    logs.configure(os.environ)
    if why := traces.begin():
        structlog.get_logger().warning("no traces", why=why)


def begun(given: Namespace, workers: int, name: str) -> Ledger:
    """The ledger, once jobs are taken.

    Raises Trouble where there is no database, and SettingsError where jobs would have
    no credentials.
    """
    check_sqlite(given.database)
    if workers:
        access(given.github_url)
    look = Running(("--github-url", given.github_url, "--cache", given.cache))
    try:
        ledger = Ledger(given.database)
        jobs.launch(given.database, name, jobs.Work(look, ledger), workers)
        retention.keep(given.keep)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise Trouble(f"the database cannot be used: {reason}") from error
    except (OSError, ModuleNotFoundError) as error:  # no folder; no driver
        raise Trouble(f"the database cannot be used: {error}") from error
    return ledger


def check_sqlite(
    database: str, version: Sequence[int] = sqlite3.sqlite_version_info
) -> None:
    """Raise SettingsError where this Python's SQLite is too old for jobs, and where
    they would be in memory."""
    if database in ("sqlite://", "sqlite:///", "sqlite:///:memory:"):
        raise SettingsError("--database: name a file; in memory jobs would be lost")
    if not database.startswith("sqlite") or sys.version_info < (3, 12):
        return
    if tuple(version) < NEEDED:
        have, need = (".".join(map(str, v)) for v in (version, NEEDED))
        raise SettingsError(
            f"SQLite is {have}, and jobs need {need}: use a newer SQLite, Python 3.11, "
            "or --database postgresql://..."
        )
