"""Edits as data: applied to bytes, and positions taken back through them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from codemods.model import Edit

# Not str.splitlines, which breaks lines at form feeds and others, as Python does not.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def ordered(edits: Iterable[Edit]) -> list[Edit]:
    """By position, each once; insertions at one place keep the order given."""
    unique = list(dict.fromkeys(edits))
    return sorted(unique, key=lambda edit: (edit.start, edit.end))


def overlap(edits: Sequence[Edit]) -> tuple[Edit, Edit] | None:
    """Two edits of an ordered list that claim the same bytes."""
    for one, other in pairwise(edits):
        if other.start < one.end:
            return one, other
    return None


def apply(code: bytes, edits: Iterable[Edit]) -> bytes:
    """`code` with every edit made. Raises ValueError where two overlap."""
    in_order = ordered(edits)
    clash = overlap(in_order)
    if clash is not None:
        raise ValueError(f"edits overlap: {clash[0]} and {clash[1]}")
    parts: list[bytes] = []
    at = 0
    for edit in in_order:
        parts += [code[at : edit.start], edit.code.encode("utf-8")]
        at = edit.end
    parts.append(code[at:])
    return b"".join(parts)


def before(offset: int, edits: Iterable[Edit], code: bytes = b"") -> int:
    """Where a byte of the edited text came from.

    A byte that an edit wrote comes from the like text of `code`, the text as it was,
    if the edit replaced such; else from where the edit began.
    """
    shift = 0
    for edit in ordered(edits):
        start = edit.start + shift
        size = len(edit.code.encode("utf-8"))
        if offset < start:
            break
        if offset < start + size:
            return edit.start + _counterpart(edit, offset - start, code)
        shift += size - (edit.end - edit.start)
    return offset - shift


_WORDS = re.compile(rb"\w+|\s+|[^\w\s]")
# Words old times words new, from where on a likeness is not looked for.
_MOST = 4_000_000


def _counterpart(edit: Edit, offset: int, code: bytes) -> int:
    """Where in the bytes that an edit replaced one that it wrote stood."""
    old = _WORDS.findall(code[edit.start : edit.end])
    new = _WORDS.findall(edit.code.encode("utf-8"))
    if not old or len(old) * len(new) > _MOST:
        return 0
    old_at = list(accumulate(map(len, old), initial=0))
    new_at = list(accumulate(map(len, new), initial=0))
    word = bisect_right(new_at, offset) - 1
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.b <= word < block.b + block.size:
            return old_at[block.a + word - block.b] + offset - new_at[word]
    return 0


def reindent(code: str, margin: str) -> str:
    """Python statements moved right by `margin`, but not the inside of strings."""
    inside = {
        line
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant | ast.JoinedStr)
        and node.end_lineno is not None
        for line in range(node.lineno + 1, node.end_lineno + 1)
    }
    lines = _LINE.findall(code)
    return "".join(
        line if number in inside or not line.strip() else margin + line
        for number, line in enumerate(lines, 1)
    )
