"""Which statements a fix changes: those before, and those that take their place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from codemods.evidence.trials import Case
from codemods.facts.tree import Span, Tree

Block = list[ast.stmt]


@dataclass(frozen=True, slots=True)
class Region:
    """The smallest run of statements of one block that holds all of a fix."""

    before: tuple[ast.stmt, ...]
    after: tuple[ast.stmt, ...]


def region(case: Case) -> Region:
    before, after = case.context.facts.tree, case.context_after.facts.tree
    return _region(before, after, before.root.body, after.root.body, case.changed)


def _region(
    before: Tree, after: Tree, old: Block, new: Block, changed: tuple[Span, Span]
) -> Region:
    mine = _touched(before, old, changed[0])
    theirs = _touched(after, new, changed[1])
    match mine, theirs:
        case [[one], [other]] if type(one) is type(other):
            for inner, twin in zip(blocks(one), blocks(other), strict=False):
                if _within(before, inner, changed[0]) and _within(
                    after, twin, changed[1]
                ):
                    return _region(before, after, inner, twin, changed)
    return Region(tuple(mine), tuple(theirs))


def _touched(tree: Tree, block: Block, changed: Span) -> Block:
    return [
        each
        for each in block
        if tree.span(each)[0] <= changed[1] and changed[0] <= tree.span(each)[1]
    ]


def _within(tree: Tree, block: Block, changed: Span) -> bool:
    if not block:
        return False
    start, end = tree.span(block[0])[0], tree.span(block[-1])[1]
    return start <= changed[0] and changed[1] <= end


def blocks(node: ast.AST) -> Iterator[Block]:
    """The blocks of a compound statement, in order."""
    for name in ("body", "orelse", "handlers", "cases", "finalbody"):
        held = getattr(node, name, None)
        if isinstance(held, list) and held:
            if isinstance(held[0], ast.stmt):
                yield held
            else:
                for each in held:
                    yield from blocks(each)
