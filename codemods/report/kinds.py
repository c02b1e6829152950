"""What became of a finding, in a word: what is counted, coloured and filtered by."""

from __future__ import annotations

from codemods.names import UsageError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.model import Finding

# In order, and what a reader is told.
KINDS = {
    "urgent": "look at first",
    "safe": "safe fix",
    "unsafe": "unsafe fix",
    "left": "left alone",
}


def kind_of(each: Finding) -> str:
    if each.urgent:
        return "urgent"
    return "left" if each.verdict == "declined" else each.verdict


def kinds_in(names: str) -> set[str]:
    """The kinds that are named, with commas. Raises UsageError."""
    kinds = {name.strip() for name in names.split(",")} - {""}
    for name in sorted(kinds - set(KINDS)):
        near = did_you_mean(name, KINDS) or f"; there are {', '.join(KINDS)}"
        raise UsageError(f"--fail-on: no finding is {name!r}{near}")
    return kinds
