"""What a run made of one file, small enough to keep, to send and to store."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from codemods.model import Failure, Finding, Result

DIGEST_SIZE = 16


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes `start` to `end` of a file become `data`."""

    start: int
    end: int
    data: bytes

    def applied(self, before: bytes) -> bytes:
        return before[: self.start] + self.data + before[self.end :]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file's result without its text.

    `patch` is what is to be done to the bytes that `digest` is of.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: str | None = None
    suppressed: int = 0
    digest: bytes = b""
    patch: Patch | None = None


def failed(path: str, message: str) -> Outcome:
    return Outcome(path, failures=(Failure(path, None, message),))


def outcome_of(result: Result) -> Outcome:
    before, after = result.source.data, result.after.data
    return Outcome(
        path=result.source.path,
        findings=result.findings,
        failures=result.failures,
        skipped=result.skipped,
        suppressed=result.suppressed,
        digest=digest(before),
        patch=between(before, after) if result.changed else None,
    )


def digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST_SIZE).digest()


def between(before: bytes, after: bytes) -> Patch:
    """The one replacement that leads from `before` to `after`."""
    start = common(before, after)
    rest_before, rest_after = before[start:], after[start:]
    same = common(rest_before[::-1], rest_after[::-1])
    return Patch(start, len(before) - same, rest_after[: len(rest_after) - same])


def common(one: bytes, other: bytes) -> int:
    """How many bytes both start with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
