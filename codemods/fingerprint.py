"""A name for a finding that outlives edits elsewhere in its file."""

from __future__ import annotations

import hashlib
import textwrap


class Fingerprints:
    """Fingerprints of one file's findings.

    Hashed are the codemod and the flagged text without its margin and trailing
    blanks, so that a finding keeps its fingerprint when lines move, when the code is
    indented or when the file is renamed. Equal texts in one file are told apart by
    their order.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[int]] = {}

    def of(self, codemod: str, text: str, start: int) -> str:
        """16 hexadecimal digits for the text flagged at offset `start`."""
        lines = text.splitlines()
        rest = textwrap.dedent("\n".join(lines[1:])).splitlines()
        plain = "\n".join(line.rstrip() for line in [*lines[:1], *rest])
        starts = self._seen.setdefault((codemod, plain), [])
        if start not in starts:
            starts.append(start)
        subject = f"{codemod}\0{plain}\0{starts.index(start)}"
        return hashlib.sha256(subject.encode("utf-8")).hexdigest()[:16]
