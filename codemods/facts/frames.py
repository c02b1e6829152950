"""One function, class or module body, walked in the order in which it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from codemods.facts.evaluation import Evaluation, Watch
from codemods.facts.scopes import Definition, Scope, Scopes
from codemods.facts.state import Collected, Exits, State, merge

_OPENERS = {"io", "gzip", "bz2", "lzma", "codecs", "tarfile", "zipfile"}


class Frame(Evaluation):
    """The statements of one body; `before` holds the state in front of each."""

    def __init__(self, scopes: Scopes, frame: Scope, watch: Watch | None) -> None:
        super().__init__(scopes, frame, watch)
        self.before: dict[ast.stmt, State] = {}
        # What was known at the head of a loop when it was last looked at.
        self.heads: dict[ast.stmt, State] = {}
        self.gone: dict[ast.AST, Definition] = {}
        # What holds where the body ends; None where it does not, or is an expression.
        self.end: State | None = None

    def run(self) -> None:
        state = State()
        node = self.frame.node
        for name, definitions in self.frame.definitions.items():
            given = frozenset(each for each in definitions if each.kind == "param")
            state.put((self.frame, name), given or frozenset([unbound(name, node)]))
        if isinstance(node, ast.Lambda):
            self.expression(node.body, state)
        else:
            body: list[ast.stmt] = getattr(node, "body")  # noqa: B009
            self.end = self.block(body, state)

    def block(self, body: Iterable[ast.stmt], state: State | None) -> State | None:
        for statement in body:
            if state is None:
                self.read_anyhow(statement)
                continue
            self.before[statement] = state.fork()
            if self.loops:
                self.repeated.add(statement)
            state = self.statement(statement, state)
        return state

    def statement(self, node: ast.stmt, state: State) -> State | None:
        match node:
            case ast.If():
                self.expression(node.test, state)
                return merge(
                    self.block(node.body, state.fork()),
                    self.block(node.orelse, state.fork()),
                )
            case ast.For() | ast.AsyncFor():
                self.expression(node.iter, state)
                return self.loop(node, state)
            case ast.While():
                return self.loop(node, state)
            case ast.With() | ast.AsyncWith():
                return self.with_(node, state)
            case ast.Try() | ast.TryStar():
                return self.try_(node, state)
            case ast.Match():
                return self.match(node, state)
            case ast.Return() | ast.Raise():
                self.children(node, state)
                return None
            case ast.Break() | ast.Continue():
                if self.loops:
                    self.loops[-1][isinstance(node, ast.Continue)].append(state)
                return None
            case _:
                self.simple(node, state)
                return state

    def simple(self, node: ast.stmt, state: State) -> None:
        match node:
            case ast.Assign():
                self.expression(node.value, state)
                for target in node.targets:
                    self.store(target, state)
            case ast.AnnAssign():
                self.annotated(node, state)
            case ast.AugAssign(target=ast.Name() as target):
                self.read(target, state)
                self.expression(node.value, state)
                self.bind(target, state)
            case ast.Assert():
                self.expression(node.test, state)
                if node.msg is not None:
                    self.expression(node.msg, state, sure=False)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.definition(node, state)
                self.bind(node, state)
            case ast.ClassDef():
                for part in [*node.decorator_list, *node.bases, *node.keywords]:
                    self.expression(part, state)
                self.type_parameters(node)
                self.bind(node, state)
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    self.imported(alias, state)
            case ast.Delete():
                for target in node.targets:
                    self.delete(target, state)
            case _ if "type_params" in node._fields:
                self.bind(getattr(node, "name"), state)  # noqa: B009
                self.type_parameters(node)
                self.read_anyhow(getattr(node, "value"))  # noqa: B009
            case _:
                self.children(node, state)

    def annotated(self, node: ast.AnnAssign, state: State) -> None:
        self.read_anyhow(node.annotation)
        if node.value is not None:
            self.expression(node.value, state)
            self.store(node.target, state)
        elif not isinstance(node.target, ast.Name):
            self.children(node.target, state)

    def imported(self, alias: ast.alias, state: State) -> None:
        if alias.name != "*":
            self.bind(alias, state)
            return
        for name, definitions in self.frame.definitions.items():
            for each in definitions:
                if each.node is alias:
                    self.hold((self.frame, name), each, state, sure=False)

    def delete(self, target: ast.expr, state: State) -> None:
        match target:
            case ast.Tuple() | ast.List():
                for element in target.elts:
                    self.delete(element, state)
            case _:
                self.expression(target, state)
                self.bind(target, state)

    # -- compound statements

    def loop(
        self, node: ast.For | ast.AsyncFor | ast.While, state: State
    ) -> State | None:
        # The entry only grows when a loop around is looked at again: starting from
        # what was found before keeps nested loops from multiplying.
        head = merge(state, self.heads.get(node))
        assert head is not None
        while True:
            exits: Exits = ([], [])
            self.loops.append(exits)
            at_test = head.fork()
            if isinstance(node, ast.While):
                self.expression(node.test, at_test)
            inner = at_test.fork()
            if not isinstance(node, ast.While):
                self.store(node.target, inner)
            end = self.block(node.body, inner)
            self.loops.pop()
            again = merge(head, end, *exits[1])
            assert again is not None
            if again.same(head):
                break
            head = again
        self.heads[node] = head
        endless = (
            isinstance(node, ast.While)
            and isinstance(node.test, ast.Constant)
            and bool(node.test.value)
        )
        normal = self.block(node.orelse, None if endless else at_test)
        return merge(normal, *exits[0])

    def with_(self, node: ast.With | ast.AsyncWith, state: State) -> State | None:
        # Once the first manager is entered, it may swallow what the next one raises.
        self.expression(node.items[0].context_expr, state)
        entered = state.fork()
        with self.collecting() as collected:
            for item in node.items:
                if item is not node.items[0]:
                    self.expression(item.context_expr, state)
                if item.optional_vars is not None:
                    self.store(item.optional_vars, state)
            end = self.block(node.body, state)
        if all(self.never_suppresses(item.context_expr) for item in node.items):
            return end
        return merge(end, entered.interrupted(collected))

    def never_suppresses(self, manager: ast.expr) -> bool:
        """`open(...)` and `gzip.open(...)` let every exception pass."""
        match manager:
            case ast.Call(func=ast.Name(id="open") as name):
                return self.scopes.of_name[name].owner("open") is None
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="open")):
                owner = self.scopes.of_name[name].owner(name.id)
                found = owner.definitions[name.id] if owner is not None else []
                return bool(found) and all(
                    isinstance(each.node, ast.alias) and each.node.name in _OPENERS
                    for each in found
                )
        return False

    @contextmanager
    def collecting(self) -> Iterator[Collected]:
        """Gathers every binding made while it is open."""
        collected: Collected = {}
        self.tries.append(collected)
        yield collected
        self.tries.pop()

    def try_(self, node: ast.Try | ast.TryStar, state: State) -> State | None:
        if not node.finalbody:
            return self.handled(node, state)
        entered = state.fork()
        around = self.loops[-1] if self.loops else None
        left: Exits = ([], [])
        if around is not None:
            self.loops[-1] = left
        with self.collecting() as everything:
            after = self.handled(node, state)
        if around is not None:
            self.loops[-1] = around
        with self.collecting() as last:
            final = self.block(node.finalbody, entered.interrupted(everything))
        if final is None:
            return None
        bound = frozenset[Definition]().union(*last.values())
        if around is not None:
            for mine, outer in zip(left, around, strict=True):
                outer += [final.narrowed(to=state, bound=bound) for state in mine]
        return final.narrowed(to=after, bound=bound) if after is not None else None

    def handled(self, node: ast.Try | ast.TryStar, state: State) -> State | None:
        """A try statement without its `finally`."""
        entered = state.fork()
        with self.collecting() as collected:
            end = self.block(node.body, state)
        failed = entered.interrupted(collected)
        exits = [self.block(node.orelse, end)]
        for handler in node.handlers:
            inside = failed.fork()
            if handler.type is not None:
                self.expression(handler.type, inside)
            self.bind(handler, inside)
            exits.append(self.after_handler(handler, self.block(handler.body, inside)))
            if isinstance(node, ast.TryStar):
                # Several handlers of one group may run, one after the other.
                failed = merge(failed, exits[-1]) or failed
        return merge(*exits)

    def after_handler(
        self, handler: ast.ExceptHandler, state: State | None
    ) -> State | None:
        """`except ... as name` takes its name away at its end."""
        if state is not None and handler.name:
            owner = self.frame.owner(handler.name)
            if owner is self.frame:
                gone = self.gone.setdefault(handler, unbound(handler.name, handler))
                self.hold((owner, handler.name), gone, state)
        return state

    def match(self, node: ast.Match, state: State) -> State | None:
        self.expression(node.subject, state)
        exits: list[State | None] = []
        missed: State | None = state
        for case in node.cases:
            inside = missed.fork() if missed is not None else None
            if inside is None or missed is None:
                self.read_anyhow(case)
                continue
            # A pattern may bind some names and then fail.
            with self.collecting() as collected:
                for part in ast.walk(case.pattern):
                    if isinstance(part, ast.pattern):
                        self.bind(part, inside)
                    elif isinstance(part, ast.Name):
                        self.read(part, inside)
                if case.guard is not None:
                    self.expression(case.guard, inside)
            exits.append(self.block(case.body, inside))
            missed = None if _always(case) else missed.interrupted(collected)
        return merge(*exits, missed)


def unbound(name: str, node: ast.AST) -> Definition:
    return Definition(name, "unbound", node)


def _always(case: ast.match_case) -> bool:
    """Whether a case takes whatever comes: `case _` and `case name`."""
    bare = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
    return bare and case.guard is None
