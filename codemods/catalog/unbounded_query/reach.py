"""Where the text of a query goes, until a client takes it or it is lost sight of."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.unbounded_query.callers import (
    attributes,
    calls_to,
    parameter_for,
    parameters_named,
)
from codemods.catalog.unbounded_query.holders import reads
from codemods.catalog.unbounded_query.routes import CARRIERS, METHODS, Lost, Reach
from codemods.catalog.unbounded_query.selves import owner_of
from codemods.catalog.unbounded_query.sinks import TALKS, Sink, is_log, sink_of, task_of
from codemods.context import Context


# Functions and methods that hand the text on as it is, or reformat its margin.
def reach(context: Context, text: ast.expr) -> Reach:
    """Follow the value of a string expression through the file."""
    found = Reach()
    _Flow(context, found).follow(text, ())
    return found


@dataclass(frozen=True, slots=True)
class _Flow:
    context: Context
    found: Reach

    def follow(self, node: ast.expr, through: tuple[ast.Call, ...]) -> None:
        """Follow the text that an expression holds."""
        if node in self.found.route or len(through) > 4:
            return
        self.found.route.add(node)
        up = self.context.parent(node)
        match up:
            case ast.BinOp(left=left, op=ast.Add() | ast.Mod()) if left is node:
                self.follow(up, through)
            case ast.BinOp() | ast.FormattedValue() | ast.JoinedStr():
                self.lose(
                    node, f"its text goes on in another text{self.line(up)}", part=True
                )
            case ast.Attribute():
                self.attribute(up, through)
            case ast.Call():
                self.argument(node, up, through)
            case ast.keyword():
                call = self.context.parent(up)
                if isinstance(call, ast.Call):
                    self.argument(node, call, through)
            case ast.IfExp(test=test) if test is not node:
                self.follow(up, through)
            case ast.BoolOp() | ast.Await():
                self.follow(up, through)
            case ast.Dict() | ast.List() | ast.Tuple() | ast.Set():
                self.held(up, node, through)
            case ast.Return():
                self.returned(up, node, through)
            case _:
                self.bound(node, up, through)

    def lose(self, node: ast.AST, reason: str, *, part: bool = False) -> None:
        self.found.lost.append(Lost(node, reason, part))

    def source(self, use: ast.expr, value: ast.expr) -> None:
        """Note where the text of `use` comes from; two texts of one use are lost."""
        known = self.found.sources.setdefault(use, value)
        if known is not value and not (_plain(known) and _plain(value)):
            self.lose(use, f"its text differs by the way that it comes{self.line(use)}")

    def line(self, node: ast.AST | None) -> str:
        return f" (line {self.context.line(node)})" if node is not None else ""

    def bound(
        self, node: ast.expr, up: ast.AST | None, through: tuple[ast.Call, ...]
    ) -> None:
        match up:
            case ast.Assign(targets=targets):
                for target in targets:
                    self.target(target, node, through)
            case ast.AnnAssign(target=target):
                self.target(target, node, through)
            case ast.NamedExpr(target=target):
                self.target(target, node, through)
                self.follow(up, through)
            case ast.AugAssign(target=target) if target is node:
                self.lose(node, f"more text is appended to it{self.line(up)}")
            case ast.AugAssign():
                self.lose(node, f"it is appended to another{self.line(up)}", part=True)

    def target(
        self, target: ast.expr, value: ast.expr, through: tuple[ast.Call, ...]
    ) -> None:
        match target:
            case ast.Name():
                definition = self.context.facts.scopes.bound_by.get(target)
                for use in self.context.uses(definition) if definition else ():
                    self.source(use, value)
                    self.used(use, through)
                home = self.context.parent(self.context.statement(target))
                if isinstance(home, ast.ClassDef):
                    self.attributes(home, target.id, value, through)
            case ast.Attribute():
                owner = owner_of(self.context, target)
                if owner is None:
                    self.lose(target, "it is kept in an attribute of another object")
                else:
                    self.attributes(owner, target.attr, value, through)
            case _:
                reason = "it is kept where its readers are not in view"
                self.lose(target, reason, part=True)

    def used(self, use: ast.expr, through: tuple[ast.Call, ...]) -> None:
        up = self.context.parent(use)
        if isinstance(up, ast.AugAssign) and up.target is use:
            self.lose(use, f"more text is appended to it{self.line(up)}")
        else:
            self.follow(use, through)

    def attributes(
        self,
        owner: ast.ClassDef,
        name: str,
        value: ast.expr,
        through: tuple[ast.Call, ...],
    ) -> None:
        """The readers of `self.name` and `Class.name`, derived classes among them."""
        for node in attributes(self.context).get(name, ()):
            home = owner_of(self.context, node)
            if home is None or not _derives(self.context, home, owner):
                continue
            if isinstance(node.ctx, ast.Load):
                self.source(node, value)
                self.used(node, through)

    def attribute(self, up: ast.Attribute, through: tuple[ast.Call, ...]) -> None:
        call = self.context.parent(up)
        if isinstance(call, ast.Call) and call.func is up and up.attr in METHODS:
            self.follow(call, through)
        elif up.attr in ("text", "items", "values", "get"):
            self.lose(up, f"`.{up.attr}` is read of it")
        else:
            self.lose(up, f"`.{up.attr}()` makes another text of it{self.line(up)}")

    def argument(
        self, node: ast.expr, call: ast.Call, through: tuple[ast.Call, ...]
    ) -> None:
        name = self.context.qualified_name(call.func)
        sink = sink_of(self.context, call, node)
        if sink is not None:
            call_, client = sink
            self.found.sinks.append(Sink(call_, node, client, through))
        elif name in CARRIERS:
            self.follow(call, through)
        elif name in TALKS or is_log(call) or self.raised(call):
            return
        else:
            self.passed(node, call, through)

    def raised(self, call: ast.Call) -> bool:
        return isinstance(self.context.parent(call), ast.Raise)

    def passed(
        self, node: ast.expr, call: ast.Call, through: tuple[ast.Call, ...]
    ) -> None:
        if isinstance(call.func, ast.Attribute) and call.func.attr in (
            "format",
            "join",
        ):
            line = self.line(call)
            self.lose(call, f"its text goes on in another text{line}", part=True)
            return
        function = self.context.function_called(call)
        name = parameter_for(call, function, node) if function is not None else None
        if function is None or name is None:
            called = ast.unparse(call.func)[:60]
            self.lose(call, f"it is passed to `{called}`, which is not in view")
            return
        for definition in parameters_named(self.context, function, name):
            for use in self.context.uses(definition):
                self.source(use, node)
                self.used(use, (*through, call))

    def returned(
        self, statement: ast.Return, node: ast.expr, through: tuple[ast.Call, ...]
    ) -> None:
        function = self.context.enclosing(statement, ast.FunctionDef)
        found = calls_to(self.context, function) if function is not None else []
        if not found:
            self.lose(statement, "it is returned, and no caller is in view")
        for call in found:
            self.source(call, node)
            self.follow(call, through)

    def held(
        self, holder: ast.expr, node: ast.expr, through: tuple[ast.Call, ...]
    ) -> None:
        """A text in a dict or list that has a name: its subscripts and loops."""
        task = task_of(self.context, holder, node)
        if task is not None:
            self.found.sinks.append(Sink(task[0], node, task[1], through))
            return
        up = self.context.parent(holder)
        target = up.targets[0] if isinstance(up, ast.Assign) else None
        if isinstance(up, ast.AnnAssign):
            target = up.target
        definition = (
            self.context.facts.scopes.bound_by.get(target)
            if isinstance(target, ast.Name)
            else None
        )
        uses = self.context.uses(definition) if definition is not None else []
        readers = [
            read for use in uses for read in reads(self.context, use, holder, node)
        ]
        if not readers:
            reason = "it is kept in a collection whose readers are not in view"
            self.lose(holder, reason, part=True)
        for read in readers:
            self.source(read, node)
            self.follow(read, through)


def _plain(value: ast.expr) -> bool:
    """Whether an expression hands on a text without making another one of it."""
    return isinstance(value, ast.Name | ast.Attribute | ast.Subscript | ast.Constant)


def _derives(context: Context, one: ast.ClassDef, other: ast.ClassDef) -> bool:
    if one is other:
        return True
    return any(context.qualified_name(base) == f".{other.name}" for base in one.bases)
