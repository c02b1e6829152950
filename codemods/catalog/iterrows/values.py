"""The values of the row, followed through assignments, arithmetic and calls."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from codemods.catalog.iterrows import operations
from codemods.catalog.iterrows.comparisons import equal
from codemods.catalog.iterrows.literals import constant, is_number, numeric
from codemods.catalog.iterrows.passing import parameter
from codemods.catalog.iterrows.tells import (
    ALL,
    NUMERIC,
    NUMERIC_OR_DURATION,
    PROOFS,
    TEXT,
    TRUTH,
    Tells,
    Trait,
)
from codemods.context import Context

MOST_FOLLOWED = 40


class Values:
    """The traits of values, followed through plain assignments."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._seen: set[ast.AST] = set()
        self._reads: frozenset[ast.expr] = frozenset()

    def traits(self, nodes: Sequence[ast.expr]) -> list[Trait]:
        self._reads = frozenset(nodes)
        found: list[Trait] = []
        for node in nodes:
            self._seen.clear()
            found += [replace(trait, column=node) for trait in self.of(node)]
        return found

    def of(self, node: ast.expr) -> list[Trait]:
        """What the code does with the value of `node`."""
        if node in self._seen:
            return []
        self._seen.add(node)
        up = self.context.parent(node)
        match up:
            case ast.Assign(targets=[ast.Name() as target]):
                return self.named(target)
            case ast.Expr():
                return []
            case ast.Compare(left=left) if left is node:
                told = Trait(node, operations.told(node, up, self.context))
                known = equal(up, self.context)
                return [told] if known is None else [told, Trait(*known)]
            case ast.BinOp():
                return self.operated(node, up)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return [Trait(up, Tells.NUMBER | NUMERIC_OR_DURATION), *self.of(up)]
            case ast.BoolOp():
                return [Trait(node, TRUTH), *_unproven(self.of(up))]
            case ast.IfExp(test=test) if test is not node:
                return _unproven(self.of(up))
            case ast.Call() | ast.keyword():
                inside = self.handed_to(node, up)
                if inside is not None:
                    return inside
        return [Trait(node, operations.told(node, up, self.context))]

    def named(self, target: ast.Name) -> list[Trait]:
        """What is done with a value by a name, which may hold another thing too."""
        bound = self.context.facts.scopes.bound_by[target]
        found: list[Trait] = []
        for name in self.context.uses(bound):
            alone = self.context.definitions(name) == (bound,)
            found += self.of(name) if alone else _unproven(self.of(name))
        return found

    def handed_to(
        self, node: ast.expr, up: ast.Call | ast.keyword
    ) -> list[Trait] | None:
        """What a function of this file does with a value that is passed to it."""
        call = up if isinstance(up, ast.Call) else self.context.parent(up)
        if not isinstance(call, ast.Call) or node is call.func:
            return None
        bound = parameter(call, node, self.context)
        if bound is None or len(self._seen) > MOST_FOLLOWED:
            return None
        readers = self.context.uses(bound)
        inside = [
            replace(trait, node=node)
            for name in readers
            for trait in _unproven(self.of(name))
        ]
        # A subclass in another file may have a method of its own.
        method = isinstance(call.func, ast.Attribute)
        return [*inside, Trait(node, ALL)] if method else inside

    def operated(self, node: ast.expr, up: ast.BinOp) -> list[Trait]:
        """Arithmetic: the result is followed on."""
        other = up.right if up.left is node else up.left
        held = constant(other)
        # What only text can do, "#" * value can as well.
        on = _unproven(self.of(up))
        match up.op:
            case ast.Add() if isinstance(held, str):
                return [Trait(up, TEXT | Tells.MISSING)]
            case ast.Mod() if self._is_text(up.left):
                return [Trait(up, operations.interpolated(node, up))]
            case ast.Add() | ast.Sub() if is_number(held):
                return [Trait(up, Tells.NUMBER | NUMERIC), *on]
            case ast.Mult() if isinstance(held, float):
                return [Trait(up, Tells.NUMBER | NUMERIC_OR_DURATION), *on]
            case ast.Div() if up.right is node and not self._is_numeric(other):
                # `path / name` is text as well.
                return [Trait(up, ALL), *on]
            case ast.Div() | ast.FloorDiv():
                return [Trait(up, Tells.NUMBER | NUMERIC_OR_DURATION), *on]
            case ast.Pow():
                return [Trait(up, Tells.NUMBER | NUMERIC), *on]
        return [Trait(up, ALL), *on]

    def _is_numeric(self, node: ast.expr) -> bool:
        """Whether an operand is no path: a number, a value, or arithmetic."""
        match node:
            case ast.BinOp(op=ast.Div(), left=left, right=right):
                return self._is_numeric(left) and self._is_numeric(right)
            case ast.BinOp() | ast.UnaryOp():
                return True
        return node in self._reads or numeric(node, self.context)

    def _is_text(self, node: ast.expr) -> bool:
        kind = self.context.type_of(node)
        return kind is not None and kind.name == "str"


def _unproven(traits: list[Trait]) -> list[Trait]:
    """What is told of something that need not be the value of the row itself."""
    return [replace(each, tells=each.tells & ~PROOFS) for each in traits]
