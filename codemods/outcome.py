"""What a run made of one file, small enough to keep, to send and to store."""

from __future__ import annotations

import marshal
from dataclasses import dataclass, fields, replace
from hashlib import blake2b

from codemods.model import Failure, Finding, Result

DIGEST_SIZE = 16
# Evidence is of one run; it is not kept.
FIELDS = tuple(each.name for each in fields(Finding) if each.name != "evidence")


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

    `patch` is what is to be done to the bytes that `digest` is of; `note` is what a
    person should be told once.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: str | None = None
    suppressed: int = 0
    digest: bytes = b""
    patch: Patch | None = None
    note: str | None = None
    silenced: tuple[Finding, ...] = ()

    @property
    def skips(self) -> tuple[Failure, ...]:
        """The file, if it was left alone as a whole, and why."""
        if self.skipped is None:
            return ()
        return (Failure(self.path, None, self.skipped),)

    def without_text(self) -> Outcome:
        """The same once its patch is no longer needed for more than being there."""
        return replace(self, patch=self.patch and Patch(0, 0, b""))

    def unmade(self, message: str) -> Outcome:
        """What remains of it when its patch could not be applied."""
        findings = tuple(replace(each, applied=False) for each in self.findings)
        failures = (*self.failures, Failure(self.path, None, message))
        return replace(self, findings=findings, failures=failures, patch=None)


def failed(path: str, message: str) -> Outcome:
    return Outcome(path, failures=(Failure(path, None, message),))


def skipped(path: str, data: bytes, reason: str) -> Outcome:
    return Outcome(path, skipped=reason, digest=digest(data) if data else b"")


def outcome_of(result: Result, note: str | None) -> Outcome:
    before, after = result.source.data, result.after.data
    return Outcome(
        path=result.source.path,
        findings=result.findings,
        failures=result.failures,
        skipped=result.skipped,
        suppressed=result.suppressed,
        digest=digest(before),
        patch=between(before, after) if result.changed else None,
        note=note,
        silenced=result.silenced,
    )


def encoded(outcome: Outcome) -> bytes:
    """An outcome without failures as bytes; none where nothing was found."""
    if outcome == Outcome(outcome.path, digest=outcome.digest):
        return b""
    found, silent = packed(outcome.findings), packed(outcome.silenced)
    patch = outcome.patch
    edit = None if patch is None else (patch.start, patch.end, patch.data)
    parts = (found, outcome.skipped, outcome.suppressed, edit, outcome.note, silent)
    return marshal.dumps(parts)


def packed(findings: tuple[Finding, ...]) -> list[list[object]]:
    return [[getattr(each, name) for name in FIELDS] for each in findings]


def decoded(path: str, digest: bytes, data: bytes) -> Outcome:
    """The outcome behind `encoded`."""
    if not data:
        return Outcome(path, digest=digest)
    findings, skipped, suppressed, patch, note, silenced = marshal.loads(data)
    return Outcome(
        path=path,
        findings=tuple(Finding(*each) for each in findings),
        skipped=skipped,
        suppressed=suppressed,
        digest=digest,
        patch=Patch(*patch) if patch else None,
        note=note,
        silenced=tuple(Finding(*each) for each in silenced),
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
