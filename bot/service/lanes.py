"""Where jobs wait.

An installation has a few lanes, a repository is always in the same of them, and a lane
is a partition of the queue: at most one job of a lane runs at a time. So a repository
is looked at by one job at a time, an installation by as many as it has lanes, and who
has five thousand jobs waiting keeps nobody out, since dbos takes lanes at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from dbos import SetEnqueueOptions, SetWorkflowID

QUEUE = "repositories"
LANES = 4  # of an installation; its repositories stay in theirs as long as this does
AGAIN = "~"  # between a job's id and which further try it is
SOON, LATER = 1, 10  # priorities within a lane: what somebody waits for goes first


@contextmanager
def enqueueing(
    identity: str, key: str, priority: int, delay: float | None = None
) -> Iterator[None]:
    options = SetEnqueueOptions(
        queue_partition_key=key, priority=priority, delay_seconds=delay
    )
    with SetWorkflowID(identity), options:
        yield


def again(job: str) -> str:
    """The id of a job's further try."""
    first, _, number = job.partition(AGAIN)
    return f"{first}{AGAIN}{int(number or 0) + 1}"


def lane(installation: int, repository: str) -> str:
    """The partition of the queue in which a repository's jobs wait."""
    return f"{installation}/{crc32(repository.lower().encode()) % LANES}"
