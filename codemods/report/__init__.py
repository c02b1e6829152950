"""What a run comes to, told to people (text), programs (json) and GitHub."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.model import Failure, Finding


class Report(NamedTuple):
    """A whole run. `written` tells whether files were changed or only would be.

    `skipped` are files that were left alone as a whole, with the reason; `seconds` is
    how long it took.
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

    @property
    def failed(self) -> frozenset[str]:
        """The files that something went wrong with."""
        return frozenset(failure.path for failure in self.failures)
