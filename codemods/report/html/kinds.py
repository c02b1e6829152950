"""What became of a finding, in a word: what is counted, coloured and filtered by."""

from __future__ import annotations

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
