"""Functions of the file that come along with a piece of it."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from codemods.evidence.cut.cutter import Cutter, Side, defined
from codemods.evidence.cut.free import Rewriting, Uncuttable, constant
from codemods.evidence.cut.names import stored
from codemods.facts.calls import Defined


@dataclass(frozen=True, slots=True, eq=False)
class Included:
    """Which functions of the file can come along, whole or as what changed in them."""

    side: Side
    asked: frozenset[Defined] = frozenset()

    def holds(self, function: Defined) -> bool:
        if function in self.asked:
            return True
        try:
            cutter, _ = self.written(function)
        except Uncuttable:
            return False
        givens = cutter.rewriting.givens
        facts = self.side.facts
        known = all(constant(facts, each.text) is not None for each in givens)
        return known or self.is_changed(function)

    def is_changed(self, function: Defined) -> bool:
        return function in self.side.changed

    def written(self, function: Defined) -> tuple[Cutter, ast.FunctionDef]:
        """The function as it comes along; raises Uncuttable where it cannot."""
        if isinstance(function, ast.AsyncFunctionDef) or function.decorator_list:
            raise Uncuttable(f"calls `{function.name}`, which cannot be run here")
        if not isinstance(self.side.facts.tree.parent(function), ast.Module):
            raise Uncuttable(f"calls `{function.name}`, which is made inside another")
        if any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(function)):
            raise Uncuttable(f"calls `{function.name}`, a generator")
        inner = Included(self.side, self.asked | {function})
        cutter = Cutter(self.side, function, frozenset(), inner.holds, returns=True)
        parameters = frozenset(
            each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)
        )
        own = {n for each in function.body for n in stored(each)}
        cutter.rewriting = Rewriting(
            self.side.facts,
            cutter.rewriting.bound | parameters | frozenset(own),
            self.side.is_run,
            inner.holds,
        )
        if self.is_changed(function):
            body = cutter.block(function.body)
        else:
            body = [cutter.written(each) for each in function.body]
        made = defined(function.name, [], body)
        made.args = bare(function.args)
        return cutter, made


def bare(parameters: ast.arguments) -> ast.arguments:
    """Parameters without what is said of their types."""
    made = copy.deepcopy(parameters)
    for each in ast.walk(made):
        if isinstance(each, ast.arg):
            each.annotation = None
    return made
