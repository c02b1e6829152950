"""From a judge's verdict to edits, and from edits to what a person is shown."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codemods import edits
from codemods.context import Context
from codemods.facts.tree import Span
from codemods.model import Decline, Edit, Fix
from codemods.places import Place


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A place and its verdict; a fix comes with its edits, in order."""

    place: Place
    verdict: Fix | Decline
    edits: tuple[Edit, ...] = ()

    @property
    def claims(self) -> list[Span]:
        """What no other fix of the same pass may touch; an insertion claims a byte."""
        spots = [(each.start, max(each.end, each.start + 1)) for each in self.edits]
        return [self.place.claim, *spots]

    def clashes(self, claimed: Sequence[Span]) -> bool:
        return any(
            start < to and at < end for start, end in self.claims for at, to in claimed
        )


def judge(place: Place, context: Context) -> Judged | None:
    """Ask the judge of a place; None where it has nothing to say.

    A fix that would change nothing counts as nothing. Raises what the judge raises,
    and ValueError for a fix whose edits overlap.
    """
    verdict = place.judge(place.node, context)
    match verdict:
        case None:
            return None
        case Decline():
            return Judged(place, verdict)
        case Fix():
            pass
        case _:
            wrong = type(verdict).__name__
            raise TypeError(f"a judge returns a Fix, a Decline or None, not {wrong}")
    made = verdict.replacement
    listed = made if isinstance(made, tuple) else (_replacement(place, made, context),)
    in_order = tuple(edits.ordered(listed))
    code = context.facts.tree.code
    if edits.apply(code, in_order) == code:
        return None
    return Judged(place, verdict, in_order)


def _replacement(place: Place, new: object, context: Context) -> Edit:
    import libcst as cst

    assert isinstance(new, cst.CSTNode)
    if isinstance(place.node, ast.AST):
        return context.replace(place.node, new)
    fragment = context.fragment(place.statement)
    module = fragment.module.deep_replace(place.node, new)
    assert isinstance(module, cst.Module)
    start, end = place.claim
    head = fragment.head
    old, code = fragment.module.bytes[head:], module.bytes[head:]
    return _smallest(
        start, old[: end - start], code[: len(code) - len(old) + end - start]
    )


def _smallest(start: int, old: bytes, new: bytes) -> Edit:
    """The edit between two texts without what they share at either end."""
    before, after = old.decode("utf-8"), new.decode("utf-8")
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    tail = 0
    while (
        tail < min(len(before), len(after)) - same
        and before[-1 - tail] == after[-1 - tail]
    ):
        tail += 1
    at = start + len(before[:same].encode("utf-8"))
    end = start + len(before[: len(before) - tail].encode("utf-8"))
    return Edit(at, end, after[same : len(after) - tail])


def shown(code: bytes, judged: Judged) -> tuple[str, str]:
    """The whole lines that a fix changes, before and after; else the flagged lines.

    What lies between changes far apart is part of it.
    """
    spots = [judged.place.pointed, *((each.start, each.end) for each in judged.edits)]
    start = code.rfind(b"\n", 0, min(at for at, _ in spots)) + 1
    stop = max(to for _, to in spots)
    if not (stop > start and code[stop - 1 : stop] == b"\n"):
        line_end = code.find(b"\n", stop)
        stop = len(code) if line_end < 0 else line_end + 1
    before = code[start:stop]
    moved = [Edit(e.start - start, e.end - start, e.code) for e in judged.edits]
    return before.decode("utf-8"), edits.apply(before, moved).decode("utf-8")
