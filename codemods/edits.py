"""Edits as data: applied to bytes, and positions taken back through them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import pairwise

from codemods.model import Edit


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


def before(offset: int, edits: Iterable[Edit]) -> int:
    """Where a byte of the edited text came from.

    A byte that an edit wrote comes from where that edit began.
    """
    shift = 0
    for edit in ordered(edits):
        start = edit.start + shift
        size = len(edit.code.encode("utf-8"))
        if offset < start:
            break
        if offset < start + size:
            return edit.start
        shift += size - (edit.end - edit.start)
    return offset - shift


def reindent(code: str, margin: str) -> str:
    """Python statements moved right by `margin`, but not the inside of strings."""
    inside = {
        line
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant | ast.JoinedStr)
        and node.end_lineno is not None
        for line in range(node.lineno + 1, node.end_lineno + 1)
    }
    lines = code.splitlines(keepends=True)
    return "".join(
        line if number in inside or not line.strip() else margin + line
        for number, line in enumerate(lines, 1)
    )
