"""What a run comes to, told to people and to programs: one module per format."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.model import Failure, Finding
    from codemods.registry import Entry


class Report(NamedTuple):
    """A whole run. `written` tells whether files were changed or only would be.

    `skipped` are files that were left alone as a whole, with the reason; `seconds` is
    how long it took. `entries` are the codemods that were run, `silenced` the findings
    that comments silence.
    """

    scanned: int
    changed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    suppressed: int = 0
    seconds: float = 0.0
    written: bool = True
    entries: tuple[Entry, ...] = ()
    silenced: tuple[Finding, ...] = ()

    @property
    def failed(self) -> frozenset[str]:
        """The files that something went wrong with."""
        return frozenset(failure.path for failure in self.failures)


def why(each: Finding) -> str | None:
    """What to know before taking a finding's fix, or why there is none."""
    return each.reason or each.caveat


def told(each: Finding) -> str:
    """A finding in one sentence."""
    reason = why(each)
    return f"{each.message}: {reason}" if reason else each.message
