"""The jobs as a page shows them, and a failed one put again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from dbos import DBOS, WorkflowStatus

from bot.service import jobs
from bot.service.lanes import again

State = Literal["waiting", "running", "done", "failed"]
STATES: dict[State, list[str]] = {
    "waiting": ["ENQUEUED", "DELAYED"],
    "running": ["PENDING"],
    "done": ["SUCCESS"],
    "failed": ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"],
}
STATE_OF = {status: state for state, found in STATES.items() for status in found}
KINDS = {
    jobs.visit.__qualname__: "look",
    jobs.obey.__qualname__: "command",
    jobs.forget.__qualname__: "forget",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A job; moments in seconds since 1970. `error` says why a failed one did, and
    `retried` is the id of the job that is the further try."""

    id: str
    kind: str
    repository: str
    installation: int
    why: str
    state: State
    process: str
    starts: int
    queued: float
    started: float | None
    ended: float | None
    error: str
    retried: str


class NotFailed(Exception):
    """There is no such job, or it did not fail; the message is for who asked."""


def listed(state: State | None = None, limit: int = 100) -> list[Listed]:
    """The newest jobs, of one state or of any."""
    found = DBOS.list_workflows(
        status=STATES[state] if state else None,
        name=list(KINDS),
        limit=limit,
        sort_desc=True,
    )
    failed = [each.workflow_id for each in found if STATE_OF[each.status] == "failed"]
    tried = existing(map(again, failed))
    return [shown(each, tried) for each in found]


def one(job: str) -> Listed | None:
    """A job by its id."""
    found = DBOS.list_workflows(workflow_ids=[job], name=list(KINDS))
    return next((shown(each, existing([again(job)])) for each in found), None)


def counts() -> dict[State, int]:
    """How many jobs there are in each state."""
    engine = jobs.database()
    # dbos's own table: it lists jobs, and does not count them.
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    status, name = sa.column("status", sa.Text), sa.column("name", sa.Text)
    table = sa.table("workflow_status", status, name, schema=schema)
    asked = sa.select(status, sa.func.count()).select_from(table).group_by(status)
    found: dict[State, int] = dict.fromkeys(STATES, 0)
    with engine.connect() as work:
        for each, count in work.execute(asked.where(name.in_(KINDS))):
            found[STATE_OF[each]] += count
    return found


def retry(job: str) -> str:
    """Put a failed job again, once however often this is asked; the new one's id.

    Raises NotFailed.
    """
    found = DBOS.list_workflows(workflow_ids=[job], name=list(KINDS))
    if not found:
        raise NotFailed("there is no such job")
    if STATE_OF[found[0].status] != "failed":
        raise NotFailed("the job did not fail")
    jobs.put_again(again(job), found[0])
    return again(job)


def existing(ids: Iterable[str]) -> frozenset[str]:
    wanted = list(ids)
    if not wanted:
        return frozenset()
    found = DBOS.list_workflows(
        workflow_ids=wanted, load_input=False, load_output=False
    )
    return frozenset(each.workflow_id for each in found)


def shown(found: WorkflowStatus, tried: frozenset[str]) -> Listed:
    state = STATE_OF[found.status]
    repository, *rest = words(found)
    key = (found.queue_partition_key or "").partition("/")[0]
    next_try = again(found.workflow_id)
    return Listed(
        id=found.workflow_id,
        kind=KINDS[found.name],
        repository=repository,
        installation=int(key) if key.isdecimal() else 0,
        why=rest[0] if rest else "",
        state=state,
        process=found.executor_id or "",
        starts=found.recovery_attempts or 0,
        queued=(found.created_at or 0) / 1000,
        started=moment(found.dequeued_at),
        ended=moment(found.completed_at),
        error=reason(found) if state == "failed" else "",
        retried=next_try if next_try in tried else "",
    )


def words(found: WorkflowStatus) -> Sequence[str]:
    given = found.input["args"] if found.input else ()
    return [each for each in given if isinstance(each, str)] or [""]


def moment(milliseconds: int | None) -> float | None:
    return milliseconds / 1000 if milliseconds else None


def reason(found: WorkflowStatus) -> str:
    match found.status:
        case "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
            return "it was begun too often and never ended"
        case "CANCELLED":
            return "it was cancelled"
    return str(found.error or "")
