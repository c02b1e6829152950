"""What a look costs, in CPU, bytes and rows: `python -m tests.service.costs FOLDER`.

The folder's Python files become a repository on this machine, and `codemod-bot run`
works on it as on any remote: for the first time, with nothing new, and with one file
changed. Then its findings go into the service's tables, and jobs that do nothing
through its queue. Needs PostgreSQL.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
import structlog

from bot.model import Base
from bot.report import Looked, Report, read
from bot.service import jobs, listing
from bot.service.attempts import Outcome
from bot.service.deliveries import Visit
from bot.service.jobs import Work
from bot.service.lanes import LATER
from bot.service.ledger import Ledger, Run
from tests.bot.measure import copied
from tests.bot.remote import Work as Clone
from tests.service.postgres import postgres

COPIES = 50  # repositories with the same findings, for the tables
JOBS = 200
INSTALLATIONS = 100


def main(folder: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory(prefix="codemod-costs-") as name:
        above = Path(name)
        work = Clone(above)
        files = copied(Path(folder), work.path)
        work.push()
        print(f"{files:,} Python files")
        print(f"first look: {looked(above, work):.1f} s of CPU", end=", ")
        print(f"{size(above / 'cache', '*.git') / 1e6:.1f} MB of git")
        print(f"nothing new: {looked(above, work):.1f} s of CPU")
        changed(work)
        print(f"one file changed: {looked(above, work):.1f} s of CPU", end=", ")
        print(f"{size(above / 'cache', '*.results') / 1e6:.1f} MB of results kept")
        report = read((above / "report.json").read_text())
    stored(report)


def changed(work: Clone) -> None:
    file = sorted(work.path.rglob("*.py"))[0]
    file.write_bytes(file.read_bytes() + b"\n# changed\n")
    work.push()


def looked(above: Path, work: Clone) -> float:
    """One run on the repository; seconds of CPU, git's among them."""
    given = ["run", "--remote", str(work.bare), "--no-pull", "--even-if-idle"]
    given += ["--cache", str(above / "cache"), "--bodies", str(above / "bodies")]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *given, "--report", str(above / "report.json")],
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def size(folder: Path, pattern: str) -> int:
    found = (path for each in folder.glob(pattern) for path in each.rglob("*"))
    return sum(path.stat().st_size for path in found if path.is_file())


def stored(report: Report) -> None:
    findings = sum(len(each.places) for each in report.looked)
    parts = COPIES * max(findings, 1)
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        file = Path(folder) / "service.sqlite"
        url = f"sqlite:///{file}"
        filled(url, report)
        print(f"{findings} findings: ", end="")
        print(
            f"{file.stat().st_size / parts:,.0f} bytes each in SQLite",
            end="",
        )
        empty = bytes_in(server.url)
        filled(server.url, report)
        more = bytes_in(server.url) - empty
        print(f", {more / parts:,.0f} in PostgreSQL")
        for name, database in (("SQLite", url), ("PostgreSQL", server.url)):
            seconds, cpu = through_the_queue(database)
            told = (
                f"{JOBS / seconds:.0f} jobs/s, {1000 * cpu / JOBS:.0f} ms of CPU each"
            )
            print(f"{name}: {told}")


def filled(url: str, report: Report) -> None:
    ledger = Ledger(url)
    for number in range(COPIES):
        name = f"acme/app{number}"
        run = Run(f"d-{number}", name, "push", "done", "", 1000.0, 2.5)
        ledger.record(run, report)
    if url.startswith("sqlite"):
        with ledger.engine.connect() as work:
            work.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    ledger.engine.dispose()


def bytes_in(url: str) -> int:
    asked = sa.text("SELECT pg_database_size(current_database())")
    engine = sa.create_engine(url)
    with engine.connect() as work:
        found = int(work.execute(asked).scalar_one())
    engine.dispose()
    return found


def through_the_queue(database: str) -> tuple[float, float]:
    """Seconds and seconds of CPU for jobs that do nothing, one after another put."""
    jobs.launch(database, "costs", Work(Nothing(), Ledger(database)), 8)
    began, used = time.perf_counter(), time.process_time()
    for number in range(JOBS):
        visit = Visit(
            f"org{number % INSTALLATIONS}/r{number}", number % INSTALLATIONS, ""
        )
        jobs.put(f"job-{number}", [visit], LATER)
    while listing.counts()["done"] < JOBS:
        time.sleep(0.1)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    jobs.stop()
    return seconds, cpu


class Nothing:
    """Looks that see nothing."""

    def __call__(self, repository: str) -> Outcome:
        looked = (Looked("iterrows", Base("main", "0", 0)),)
        return Outcome("done", report=Report(repository, "1", 0.0, 0.0, looked))

    def obey(self, repository: str, pull: int, comment: int) -> Outcome:
        return self(repository)


if __name__ == "__main__":
    main(*sys.argv[1:])
