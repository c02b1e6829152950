"""A fix for itself, as a reader of a report may apply it without the others."""

from __future__ import annotations

from collections.abc import Sequence

from codemods.diff import changes, lines, unified
from codemods.facts import Facts
from codemods.facts.tree import Tree
from codemods.judging import Judged
from codemods.making import make
from codemods.model import Edit, Fix, Replacement, Rewrite, Source


def rewrite(source: Source, facts: Facts, judged: Judged) -> Rewrite | None:
    """What a fix makes of the file that `facts` are of, if nothing else is changed.

    The imports it needs are part of it, and what it leaves without a use. None where
    that would be no Python.
    """
    if not isinstance(judged.verdict, Fix):
        return None
    steps = make(source, facts, [judged]).steps
    if not steps:
        return None
    before, after = facts.tree.code, steps[-1].after.tree.code
    edits = steps[0].edits if len(steps) == 1 else by_lines(before, after)
    diff = unified(source.path, before, after).decode("utf-8", "replace")
    return Rewrite(tuple(replacement(facts.tree, each) for each in edits), diff)


def by_lines(before: bytes, after: bytes) -> Sequence[Edit]:
    """The edits of whole lines that lead from one text to another."""
    old, new = lines(before), lines(after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [
        Edit(starts[a1], starts[a2], b"".join(new[b1:b2]).decode("utf-8"))
        for a1, a2, b1, b2 in changes(old, new)
    ]


def replacement(tree: Tree, edit: Edit) -> Replacement:
    return Replacement(*tree.place(edit.start), *tree.place(edit.end), edit.code)
