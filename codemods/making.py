"""From the fixes chosen in a pass to the texts that they make, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codemods import edits, imports, orphans
from codemods.facts import Facts
from codemods.judging import Judged
from codemods.model import Edit, Fix, Source, SourceError


@dataclass(frozen=True, slots=True)
class Step:
    """Edits that go together, and the facts of the text they leave."""

    edits: tuple[Edit, ...]
    after: Facts


@dataclass(frozen=True, slots=True)
class Made:
    """What became of fixes: those made, in steps, and those that make no Python.

    A fix in neither goes not together with another one: a later pass has it.
    """

    steps: tuple[Step, ...] = ()
    kept: tuple[Judged, ...] = ()
    rejected: tuple[Judged, ...] = ()


def make(source: Source, facts: Facts, chosen: Sequence[Judged]) -> Made:
    """Fixes with the imports that they want, and without what they orphan."""
    kept, rejected = tuple(chosen), tuple[Judged, ...]()
    made = _edits(kept)
    after = _after(source, facts, made) if made else None
    if made and after is None:
        kept, rejected = _sifted(source, facts, chosen)
        made = _edits(kept)
        after = _after(source, facts, made) if made else None
    if after is None:
        return Made(rejected=rejected)
    wanted = [name for each in kept for name in _fix(each).imports]
    added = imports.additions(facts, wanted)
    if added:
        made = [*made, *added]
        after = _after(source, facts, made)
        if after is None:
            return Made(rejected=(*rejected, *kept))
    first = Step(tuple(edits.ordered(made)), after)
    return Made((first, *_cleared(source, facts, after, kept)), kept, rejected)


def _cleared(
    source: Source, facts: Facts, after: Facts, kept: Iterable[Judged]
) -> list[Step]:
    """Steps that take out what the fixes were the last to use."""
    unused = {
        orphan
        for each in kept
        for name in _fix(each).orphans
        for orphan in orphans.orphan(facts, each.place.statement, name)
    }
    steps: list[Step] = []
    while gone := edits.ordered(orphans.removals(after, unused)):
        then = _after(source, after, gone)
        if then is None:
            break
        after = then
        steps.append(Step(tuple(gone), after))
    return steps


def _sifted(
    source: Source, facts: Facts, chosen: Iterable[Judged]
) -> tuple[tuple[Judged, ...], tuple[Judged, ...]]:
    """The fixes that can be made together, and those that cannot be made at all."""
    kept: list[Judged] = []
    rejected: list[Judged] = []
    for each in chosen:
        if _after(source, facts, _edits([*kept, each])) is not None:
            kept.append(each)
        elif _after(source, facts, each.edits) is None:
            rejected.append(each)
    return tuple(kept), tuple(rejected)


def _edits(fixes: Iterable[Judged]) -> list[Edit]:
    return [edit for each in fixes for edit in each.edits]


def _after(source: Source, facts: Facts, made: Sequence[Edit]) -> Facts | None:
    """The facts of the edited text; None where that is no Python in its encoding."""
    try:
        code = edits.apply(facts.tree.code, made)
        source.with_code(code)
        return Facts(code)
    except (SourceError, ValueError):
        return None


def _fix(judged: Judged) -> Fix:
    assert isinstance(judged.verdict, Fix)
    return judged.verdict
