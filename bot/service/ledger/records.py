"""A run's report as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bot.model import Pull
from bot.report import Looked, Place, Report
from bot.service.database import unless_there
from bot.service.ledger import turns
from bot.service.ledger.tables import COUNTS, FINDINGS, PULLS, REPOSITORIES, RUNS

DAY = 86_400  # seconds
OPEN = ("draft", "open")  # of a pull request's states
LONGEST = 20_000  # characters of a text from a repository that are kept


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a job: see the columns of tables.RUNS. `began`: s since 1970."""

    job: str
    repository: str
    why: str
    outcome: str
    error: str
    began: float
    seconds: float


def recorded(work: sa.Connection, run: Run, report: Report | None) -> None:
    """Replace what is known of the repository by what the report says."""
    name = run.repository.lower()
    row: dict[str, object] = {
        "job": run.job,
        "repository": name,
        "why": clean(run.why),
        "outcome": run.outcome,
        "error": clean(run.error),
        "began": run.began,
        "seconds": run.seconds,
        **nothing_reported(),
    }
    # The commit that the last run was at stays what it was without a report.
    known: dict[str, object] = {"ran": run.began, "outcome": run.outcome}
    if report is not None:
        if report.looked:
            base = report.looked[-1].base
            known |= {"base": base.branch, "commit": base.commit}
        row["version"] = report.version
        row["log"] = [[line.seconds, clean(line.text)] for line in report.log]
        row |= {"opened": report.opened, "updated": report.updated}
        row["closed"] = report.closed
        reported(work, name, report)
        known |= standing(work, name)
        if run.outcome == "done" and report.settled and report.looked:
            turns.settle(work, run.job, report.looked[-1].base.branch)
    know(work, run.repository, known)
    work.execute(sa.delete(RUNS).where(RUNS.c.job == run.job))
    work.execute(sa.insert(RUNS).values(row))


def know(work: sa.Connection, repository: str, row: Mapping[str, object]) -> None:
    """Set some columns of a repository that may be new."""
    name = repository.lower()
    there = sa.update(REPOSITORIES).where(REPOSITORIES.c.name == name)
    if not work.execute(there.values(row)).rowcount:
        new = {"name": name, "shown": repository, "installation": 0, **row}
        work.execute(unless_there(work.engine, REPOSITORIES).values(new))
        work.execute(there.values(row))  # where another process was quicker


def standing(work: sa.Connection, name: str) -> dict[str, object]:
    """What there is in a repository now."""
    c = COUNTS.c
    totals = (sa.func.sum(c.safe + c.unsafe), sa.func.sum(c.declined))
    holds = (c.repository == name, c.until.is_(None))
    fixes, alone = work.execute(sa.select(*totals).where(*holds)).one()
    open_ones = (PULLS.c.repository == name, PULLS.c.state.in_(OPEN))
    counted = sa.select(sa.func.count()).select_from(PULLS).where(*open_ones)
    pulls = work.execute(counted).scalar_one()
    return {"fixes": fixes or 0, "alone": alone or 0, "pulls": pulls}


def nothing_reported() -> dict[str, object]:
    return {"version": "", "log": [], "opened": 0, "updated": 0, "closed": 0}


def reported(work: sa.Connection, name: str, report: Report) -> None:
    for looked in report.looked:
        mine = (FINDINGS.c.repository == name, FINDINGS.c.codemod == looked.codemod)
        work.execute(sa.delete(FINDINGS).where(*mine))
        rows = [finding(name, looked.codemod, each) for each in looked.places]
        if rows:
            work.execute(sa.insert(FINDINGS), rows)
        count(work, name, looked, report.began)
    numbers = [pull.number for pull in report.pulls]
    work.execute(
        sa.delete(PULLS).where(PULLS.c.repository == name, PULLS.c.number.in_(numbers))
    )
    if report.pulls:
        work.execute(sa.insert(PULLS), [pull_row(name, each) for each in report.pulls])


def count(work: sa.Connection, name: str, looked: Looked, at: float) -> None:
    """Add a row where it differs from the one that held so far."""
    c = COUNTS.c
    tiers = ("safe", "unsafe", "declined")
    now = {tier: looked.count(tier) for tier in tiers}
    holds = (c.repository == name, c.codemod == looked.codemod, c.until.is_(None))
    found = work.execute(sa.select(*(c[tier] for tier in tiers)).where(*holds)).first()
    if found is None or tuple(found) != tuple(now.values()):
        work.execute(sa.update(COUNTS).where(*holds).values(until=at))
        safe, unsafe, declined = found or (0, 0, 0)
        work.execute(
            sa.insert(COUNTS).values(
                repository=name,
                codemod=looked.codemod,
                at=at,
                day=int(at // DAY),
                more=now["safe"] + now["unsafe"] - safe - unsafe,
                more_alone=now["declined"] - declined,
                **now,
            )
        )


def finding(name: str, codemod: str, place: Place) -> dict[str, object]:
    change = place.change
    return {
        "repository": name,
        "codemod": codemod,
        "path": clean(change.path),
        "line": change.line,
        "key": change.key,
        "tier": change.tier,
        "state": place.state,
        "message": clean(change.message),
        "before": clean(change.before),
        "after": optional(change.after),
        "caveat": optional(change.caveat),
        "reason": optional(change.reason),
        "receipt": optional(change.receipt),
        "unseen": optional(change.unseen),
        "urgent": change.urgent,
    }


def optional(text: str | None) -> str | None:
    return None if text is None else clean(text)


def pull_row(name: str, pull: Pull) -> dict[str, object]:
    return {
        "repository": name,
        "number": pull.number,
        "branch": clean(pull.branch),
        "title": clean(pull.title),
        "state": state_of(pull),
        "created": pull.created,
        "updated": pull.updated,
    }


def state_of(pull: Pull) -> str:
    if pull.open:
        return "draft" if pull.draft else "open"
    return "merged" if pull.merged else "closed"


def clean(text: str) -> str:
    """As a database takes it: PostgreSQL has no NUL, and neither takes surrogates."""
    kept = text[:LONGEST].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return kept.encode("utf-8", "replace").decode("utf-8")
