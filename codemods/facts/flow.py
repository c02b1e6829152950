"""Reaching definitions: which bindings of a name may hold where it is read.

Structured and conservative: a superset of what can reach. A name that another
function rebinds, or that a closure reads, is reached by every binding it has.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property

from codemods.facts.scopes import Comprehension, Definition, Scope, Scopes

Key = tuple[Scope, str]
State = dict[Key, frozenset[Definition]]
_Bodies = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
# Calls that drain a generator expression before they return.
_DRAINS = {
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum",
    "tuple",
}  # fmt: skip


class Flow:
    """The flow of one module, analysed a function at a time, when asked."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self._frames: dict[Scope, _Frame] = {}

    def reaching(self, name: ast.Name) -> frozenset[Definition]:
        """The bindings that may hold where `name` stands; empty for a builtin.

        A path on which nothing is bound adds an "unbound" definition.
        """
        scope = self.scopes.of_name[name]
        owner = scope.owner(name.id)
        if owner is None:
            return frozenset()
        if not self._follows(owner, scope, name.id):
            return frozenset(owner.definitions[name.id])
        return self._frame(scope.frame).reaching.get(name, frozenset())

    def at(self, statement: ast.stmt, name: str) -> frozenset[Definition]:
        """The bindings of `name` that may hold just before `statement`."""
        scope = self.scope_at(statement)
        owner = scope.owner(name)
        if owner is None:
            return frozenset()
        if not self._follows(owner, scope, name):
            return frozenset(owner.definitions[name])
        before = self._frame(scope.frame).before.get(statement, {})
        return before.get((owner, name), frozenset())

    def scope_at(self, node: ast.AST) -> Scope:
        """The scope in which a statement runs."""
        return self._homes[node]

    @cached_property
    def _homes(self) -> dict[ast.AST, Scope]:
        return {
            node: scope
            for scope in self.scopes.module.walk()
            if isinstance(scope.node, _Bodies)
            for node in _statements(scope.node.body)
        }

    def readers(self, definition: Definition) -> list[ast.Name]:
        """Every place that may read what `definition` bound, in order of position."""
        return [
            name
            for name in self.scopes.named.get(definition.name, ())
            if name is not definition.node
            and (not isinstance(name.ctx, ast.Store) or self._augments(name))
            and definition in self.reaching(name)
        ]

    def _augments(self, name: ast.Name) -> bool:
        bound = self.scopes.bound_by.get(name)
        return bound is not None and bound.kind == "augment"

    def _follows(self, owner: Scope, scope: Scope, name: str) -> bool:
        """Whether the order of statements says what holds."""
        inside = owner.frame is scope.frame
        return inside and name not in owner.frame.shared

    def _frame(self, scope: Scope) -> _Frame:
        frame = self._frames.get(scope)
        if frame is None:
            frame = self._frames[scope] = _Frame(self.scopes, scope)
            frame.run()
        return frame


def _statements(body: Iterable[ast.AST]) -> Iterable[ast.stmt]:
    for node in body:
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, block, ()))


def merge(*states: State | None) -> State | None:
    """What may hold where paths meet; None where no path arrives."""
    alive = [state for state in states if state is not None]
    if not alive:
        return None
    merged = dict(alive[0])
    for state in alive[1:]:
        for key, value in state.items():
            merged[key] = merged.get(key, frozenset()) | value
    return merged


class _Frame:
    """One function, class or module body, walked in the order it runs."""

    def __init__(self, scopes: Scopes, scope: Scope) -> None:
        self.scopes = scopes
        self.scope = scope
        self.reaching: dict[ast.Name, frozenset[Definition]] = {}
        self.before: dict[ast.stmt, State] = {}
        self._loops: list[tuple[list[State], list[State]]] = []
        # What is bound while an exception may leave a try body.
        self._tries: list[dict[Key, set[Definition]]] = []

    def run(self) -> None:
        state: State = {}
        node = self.scope.node
        for name, definitions in self.scope.definitions.items():
            given = [each for each in definitions if each.kind == "param"]
            unbound = Definition(name, "unbound", node)
            state[self.scope, name] = frozenset(given or [unbound])
        if isinstance(node, ast.Lambda):
            self.expression(node.body, state)
        elif not isinstance(node, Comprehension):
            self.block(node.body, state)

    def bind(self, node: ast.AST, state: State, *, sure: bool = True) -> None:
        definition = self.scopes.bound_by.get(node)
        if definition is None:
            return
        home = self.scopes.of_name.get(node) if isinstance(node, ast.Name) else None
        scope = (home or self.scope).owner(definition.name)
        if definition.kind == "walrus":
            scope = self.scope.owner(definition.name)
        if scope is None:
            return
        key = scope, definition.name
        new = frozenset([definition])
        state[key] = new if sure else state.get(key, frozenset()) | new
        for collected in self._tries:
            collected.setdefault(key, set()).add(definition)

    def block(self, body: Iterable[ast.stmt], state: State | None) -> State | None:
        for statement in body:
            if state is None:
                # Unreachable code is still analysed: its names need an answer.
                state = {}
                self.block_dead(statement, state)
                return None
            self.before[statement] = dict(state)
            state = self.statement(statement, state)
        return state

    def block_dead(self, statement: ast.stmt, state: State) -> None:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                scope = self.scopes.of_name[node]
                owner = scope.owner(node.id)
                if owner is not None:
                    self.reaching[node] = frozenset(owner.definitions[node.id])

    def statement(self, node: ast.stmt, state: State) -> State | None:
        match node:
            case ast.If():
                self.expression(node.test, state)
                return merge(
                    self.block(node.body, dict(state)),
                    self.block(node.orelse, dict(state)),
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
                if self._loops:
                    self._loops[-1][isinstance(node, ast.Continue)].append(state)
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
                self.expression(node.annotation, state)
                if node.value is not None:
                    self.expression(node.value, state)
                    self.store(node.target, state)
            case ast.AugAssign():
                self.read_target(node.target, state)
                self.expression(node.value, state)
                self.store(node.target, state)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.outside(node, state)
                self.bind(node, state)
            case ast.ClassDef():
                for part in [*node.decorator_list, *node.bases, *node.keywords]:
                    self.expression(part, state)
                self.bind(node, state)
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    self.bind(alias, state)
            case ast.Delete():
                for target in node.targets:
                    self.expression(target, state)
                    if isinstance(target, ast.Name):
                        self.bind(target, state)
            case _:
                self.children(node, state)

    def outside(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, state: State
    ) -> None:
        """What a definition evaluates where it stands."""
        arguments = node.args
        for part in [*arguments.defaults, *arguments.kw_defaults]:
            if part is not None:
                self.expression(part, state)
        if isinstance(node, ast.Lambda):
            return
        for part in [*node.decorator_list, node.returns]:
            if part is not None:
                self.expression(part, state)
        for argument in ast.walk(arguments):
            if isinstance(argument, ast.arg) and argument.annotation is not None:
                self.expression(argument.annotation, state)

    def loop(
        self, node: ast.For | ast.AsyncFor | ast.While, state: State
    ) -> State | None:
        endless = (
            isinstance(node, ast.While)
            and isinstance(node.test, ast.Constant)
            and bool(node.test.value)
        )
        head: State = state
        while True:
            breaks: list[State] = []
            continues: list[State] = []
            at_test = dict(head)
            if isinstance(node, ast.While):
                self.expression(node.test, at_test)
                inner = dict(at_test)
            else:
                inner = dict(at_test)
                self.store(node.target, inner)
            self._loops.append((breaks, continues))
            end = self.block(node.body, inner)
            self._loops.pop()
            again = merge(head, end, *continues)
            assert again is not None
            if again == head:
                break
            head = again
        normal = None if endless else self.block(node.orelse, dict(at_test))
        return merge(normal, *breaks)

    def with_(self, node: ast.With | ast.AsyncWith, state: State) -> State | None:
        for item in node.items:
            self.expression(item.context_expr, state)
            if item.optional_vars is not None:
                self.store(item.optional_vars, state)
        entered = dict(state)
        collected: dict[Key, set[Definition]] = {}
        self._tries.append(collected)
        end = self.block(node.body, state)
        self._tries.pop()
        if all(_never_suppresses(item.context_expr) for item in node.items):
            return end
        return merge(end, _interrupted(entered, collected))

    def try_(self, node: ast.Try | ast.TryStar, state: State) -> State | None:
        entered = dict(state)
        collected: dict[Key, set[Definition]] = {}
        self._tries.append(collected)
        end = self.block(node.body, state)
        self._tries.pop()
        failed = _interrupted(entered, collected)
        everything: dict[Key, set[Definition]] = {}
        self._tries.append(everything)
        end = self.block(node.orelse, end) if end is not None else None
        if end is None and node.orelse:
            self.block(node.orelse, None)
        exits = [end]
        for handler in node.handlers:
            inside = dict(failed)
            if handler.type is not None:
                self.expression(handler.type, inside)
            self.bind(handler, inside)
            exits.append(self.block(handler.body, inside))
        self._tries.pop()
        after = merge(*exits)
        if not node.finalbody:
            return after
        anyhow = merge(after, _interrupted(failed, everything))
        final = self.block(node.finalbody, anyhow)
        if after is None or final is None:
            return None
        return self._after_finally(node, after, final)

    def _after_finally(
        self, node: ast.Try | ast.TryStar, after: State, final: State
    ) -> State:
        """What holds after a finally block that was entered normally."""
        bound = {
            self.scopes.bound_by[each]
            for statement in node.finalbody
            for each in ast.walk(statement)
            if each in self.scopes.bound_by
        }
        return {
            key: (value & (after.get(key, frozenset()) | bound)) or value
            for key, value in final.items()
        }

    def match(self, node: ast.Match, state: State) -> State | None:
        self.expression(node.subject, state)
        exits: list[State | None] = [dict(state)]
        for case in node.cases:
            inside = dict(state)
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.pattern):
                    self.bind(part, inside)
                elif isinstance(part, ast.Name):
                    self.expression(part, inside)
            if case.guard is not None:
                self.expression(case.guard, inside)
            exits.append(self.block(case.body, inside))
        return merge(*exits)

    def store(self, target: ast.expr, state: State) -> None:
        match target:
            case ast.Name():
                self.bind(target, state)
            case ast.Tuple() | ast.List():
                for element in target.elts:
                    self.store(element, state)
            case ast.Starred():
                self.store(target.value, state)
            case _:
                self.children(target, state)

    def read_target(self, target: ast.expr, state: State) -> None:
        if isinstance(target, ast.Name):
            self.read(target, state)

    def read(self, name: ast.Name, state: State) -> None:
        owner = self.scopes.of_name[name].owner(name.id)
        if owner is not None:
            known = self.reaching.get(name, frozenset())
            self.reaching[name] = known | state.get((owner, name.id), frozenset())

    def children(self, node: ast.AST, state: State, *, sure: bool = True) -> None:
        for child in ast.iter_child_nodes(node):
            self.expression(child, state, sure=sure)

    def expression(self, node: ast.AST, state: State, *, sure: bool = True) -> None:
        match node:
            case ast.Name():
                self.read(node, state)
            case ast.NamedExpr():
                self.expression(node.value, state, sure=sure)
                self.bind(node.target, state, sure=sure)
            case ast.Lambda():
                self.outside(node, state)
            case ast.BoolOp():
                self.expression(node.values[0], state, sure=sure)
                for value in node.values[1:]:
                    self.expression(value, state, sure=False)
            case ast.IfExp():
                self.expression(node.test, state, sure=sure)
                self.expression(node.body, state, sure=False)
                self.expression(node.orelse, state, sure=False)
            case ast.GeneratorExp():
                self.comprehension(node, state, later=True)
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                self.comprehension(node, state)
            case ast.Call(args=[ast.GeneratorExp() as only]) if self.drains(node.func):
                self.expression(node.func, state, sure=sure)
                self.comprehension(only, state)
                for keyword in node.keywords:
                    self.expression(keyword, state, sure=sure)
            case _:
                self.children(node, state, sure=sure)

    def drains(self, function: ast.expr) -> bool:
        match function:
            case ast.Name(id=name):
                owner = self.scopes.of_name[function].owner(name)
                return name in _DRAINS and owner is None
            case ast.Attribute(attr="join" | "extend" | "update"):
                return True
        return False

    def comprehension(
        self, node: Comprehension, state: State, *, later: bool = False
    ) -> None:
        """A comprehension; `later` for a generator that may run at any time."""
        inner = dict(state)
        for index, generator in enumerate(node.generators):
            self.expression(generator.iter, state if index == 0 else inner)
            if index == 0 and later:
                for key in inner:
                    inner[key] |= frozenset(key[0].definitions.get(key[1], ()))
            self.store(generator.target, inner)
            for condition in generator.ifs:
                self.expression(condition, inner, sure=False)
        for part in ("key", "value", "elt"):
            element = getattr(node, part, None)
            if element is not None:
                self.expression(element, inner, sure=False)
        for key, value in inner.items():
            # What a walrus bound inside may hold afterwards.
            if key[0] is self.scope and key in state:
                state[key] = state[key] | value


def _interrupted(entered: State, collected: dict[Key, set[Definition]]) -> State:
    """What may hold after a block was left at any point."""
    state = dict(entered)
    for key, definitions in collected.items():
        state[key] = state.get(key, frozenset()) | definitions
    return state


def _never_suppresses(manager: ast.expr) -> bool:
    """`open(...)` and `x.open(...)` let every exception pass."""
    match manager:
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open")):
            return True
    return False
