"""One file under analysis, from within one call of one function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from codemods.catalog.bare_except.kinds import UNKNOWN, Kinds
from codemods.catalog.bare_except.seen import Doubt, Seen, Sort
from codemods.catalog.bare_except.table import Knowledge
from codemods.context import Context

Defined = ast.FunctionDef | ast.AsyncFunctionDef
LONGEST = 40


@dataclass(frozen=True)
class Scene:
    """The file, the table, and the types of the parameters in the call at hand.

    `expression`, `block` and `function` are the analysis itself: what an expression, a
    list of statements or a call of a function in view comes to in a scene.
    `calls` is the chain of functions being analysed.
    """

    context: Context
    known: Knowledge
    expression: Callable[[Scene, ast.expr], Seen]
    block: Callable[[Scene, Sequence[ast.stmt]], Seen]
    function: Callable[[Scene, Defined, Mapping[ast.arg, Kinds], ast.AST], Seen]
    given: Mapping[ast.arg, Kinds] = field(default_factory=dict)
    calls: tuple[object, ...] = ()
    summaries: dict[object, Seen] = field(default_factory=dict)
    _known: dict[ast.expr, Seen] = field(default_factory=dict)

    def see(self, node: ast.expr) -> Seen:
        """What evaluating an expression gives and raises."""
        if node not in self._known:
            # A loop that asks for itself learns nothing new there.
            self._known[node] = Seen(UNKNOWN)
            self._known[node] = self.expression(self, node)
        return self._known[node]

    def run(self, body: Sequence[ast.stmt]) -> Seen:
        return self.block(self, body)

    def kinds(self, node: ast.expr) -> Kinds:
        return self.see(node).kinds

    def inside(self, given: Mapping[ast.arg, Kinds], call: object) -> Scene:
        """The scene within a call of a function of the file."""
        return replace(self, given=given, calls=(*self.calls, call), _known={})

    def doubt(self, sort: Sort, text: str, node: ast.AST) -> Doubt:
        return Doubt(sort, text, getattr(node, "lineno", 0))

    def named(self, node: ast.AST) -> str:
        """The source of a node for a reader, on one line and not too long."""
        text = " ".join(self.context.text(node).split())
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
