"""The order in which expressions read and bind names."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from codemods.facts.scopes import Comprehension, Definition, Function, Scope, Scopes
from codemods.facts.state import Collected, Exits, Held, Key, State

# Calls that drain a generator expression before they return.
_DRAINS = {
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum",
    "tuple",
}  # fmt: skip


class Evaluation:
    """Expressions of one frame, evaluated against a state.

    What a name may hold is added to `reaching`. `sure` is false where an expression
    may be left out, `late` where it may run at any later time as well.
    """

    def __init__(self, scopes: Scopes, frame: Scope, watch: Watch | None) -> None:
        self.scopes = scopes
        self.frame = frame
        self.watch = watch
        self.reaching: dict[ast.Name, Held] = {}
        # The states in which lambdas are made.
        self.lambdas: dict[ast.Lambda, State] = {}
        # What is bound while an exception may leave a try or with block.
        self.tries: list[Collected] = []
        # The loops around what is looked at.
        self.loops: list[Exits] = []
        # Statements and lambdas that may run, and bindings that may be made, again.
        self.repeated: set[ast.AST] = set()
        self.rebound: set[Definition] = set()

    # -- binding and reading

    def bind(self, node: ast.AST, state: State, *, sure: bool = True) -> None:
        definition = self.scopes.bound_by.get(node)
        if definition is None:
            return
        home = self.scopes.of_name.get(node) if isinstance(node, ast.Name) else None
        scope = (home or self.frame).owner(definition.name)
        if scope is self.frame:
            self.hold((scope, definition.name), definition, state, sure=sure)

    def hold(
        self, key: Key, definition: Definition, state: State, *, sure: bool = True
    ) -> None:
        new = frozenset([definition])
        state.put(key, new if sure else state.get(key) | new)
        self.collect(key, definition)
        if self.loops:
            self.rebound.add(definition)
        if self.watch is not None and key in self.watch.keys:
            if state.get(self.watch.key):
                state.put(self.watch.key, self.watch.stale)
                self.collect(self.watch.key, *self.watch.stale)

    def collect(self, key: Key, *definitions: Definition) -> None:
        for collected in self.tries:
            collected.setdefault(key, set()).update(definitions)

    def read(self, name: ast.Name, state: State, *, late: bool = False) -> None:
        owner = self.scopes.of_name[name].owner(name.id)
        if owner is None:
            return
        held = state.get((owner, name.id))
        if late or owner is not self.frame:
            held |= frozenset(owner.definitions[name.id])
        known = self.reaching.get(name)
        self.reaching[name] = held if known is None else known | held

    def read_anyhow(self, node: ast.AST) -> None:
        """Names in code that no path reaches, or that runs at an unknown time."""
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                self.read(part, State(), late=True)

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

    # -- expressions

    def children(
        self, node: ast.AST, state: State, *, sure: bool = True, late: bool = False
    ) -> None:
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                for each in value:
                    if isinstance(each, ast.AST):
                        self.expression(each, state, sure=sure, late=late)
            elif isinstance(value, ast.AST):
                self.expression(value, state, sure=sure, late=late)

    def expression(
        self, node: ast.AST, state: State, *, sure: bool = True, late: bool = False
    ) -> None:
        kind = type(node)
        if kind is ast.Name:
            assert isinstance(node, ast.Name)
            self.read(node, state, late=late)
        elif kind in _SPECIAL:
            self.special(node, state, sure=sure, late=late)
        elif kind is not ast.Constant:
            self.children(node, state, sure=sure, late=late)
        if self.watch is not None and node is self.watch.value:
            state.put(self.watch.key, self.watch.fresh)
            self.collect(self.watch.key, *self.watch.fresh)

    def special(self, node: ast.AST, state: State, *, sure: bool, late: bool) -> None:
        match node:
            case ast.NamedExpr():
                self.expression(node.value, state, sure=sure, late=late)
                self.bind(node.target, state, sure=sure)
            case ast.Lambda():
                self.definition(node, state, sure=sure, late=late)
            case ast.BoolOp(values=values):
                self.in_turn(values, 1, state, sure=sure, late=late)
            case ast.Compare():
                given = [node.left, *node.comparators]
                self.in_turn(given, 2, state, sure=sure, late=late)
            case ast.IfExp():
                self.expression(node.test, state, sure=sure, late=late)
                self.in_turn([node.body, node.orelse], 0, state, sure=sure, late=late)
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if key is not None:
                        self.expression(key, state, sure=sure, late=late)
                    self.expression(value, state, sure=sure, late=late)
            case ast.GeneratorExp():
                self.comprehension(node, state, sure=sure, late=late, lazy=True)
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                self.comprehension(node, state, sure=sure, late=late)
            case ast.Call(args=[ast.GeneratorExp() as only]) if self.drains(node.func):
                self.expression(node.func, state, sure=sure, late=late)
                self.comprehension(only, state, sure=sure, late=late)
                for keyword in node.keywords:
                    self.expression(keyword, state, sure=sure, late=late)
            case _:
                self.children(node, state, sure=sure, late=late)

    def in_turn(
        self,
        nodes: Iterable[ast.expr],
        certain: int,
        state: State,
        *,
        sure: bool,
        late: bool,
    ) -> None:
        """Expressions of which only the first `certain` are evaluated anyhow."""
        for index, node in enumerate(nodes):
            self.expression(node, state, sure=sure and index < certain, late=late)

    def definition(
        self, node: Function, state: State, *, sure: bool = True, late: bool = False
    ) -> None:
        """What a function's definition evaluates where it stands."""
        if not isinstance(node, ast.Lambda):
            for decorator in node.decorator_list:
                self.expression(decorator, state)
        arguments = node.args
        for part in [*arguments.defaults, *arguments.kw_defaults]:
            if part is not None:
                self.expression(part, state, sure=sure, late=late)
        if isinstance(node, ast.Lambda):
            # Made several times: in a loop, or looked at again until it is stable.
            known = self.lambdas.get(node)
            self.lambdas[node] = state.joined(known) if known else state.fork()
            if self.loops:
                self.repeated.add(node)
            return
        if node.returns is not None:
            self.read_anyhow(node.returns)
        for argument in ast.walk(arguments):
            if isinstance(argument, ast.arg) and argument.annotation is not None:
                self.read_anyhow(argument.annotation)
        self.type_parameters(node)

    def type_parameters(self, node: ast.AST) -> None:
        for parameter in getattr(node, "type_params", ()):
            self.read_anyhow(parameter)

    def drains(self, function: ast.expr) -> bool:
        match function:
            case ast.Name(id=name):
                owner = self.scopes.of_name[function].owner(name)
                return name in _DRAINS and owner is None
            case ast.Attribute(value=ast.Constant(value=str()), attr="join"):
                return True
        return False

    def comprehension(
        self,
        node: Comprehension,
        state: State,
        *,
        sure: bool,
        late: bool,
        lazy: bool = False,
    ) -> None:
        """A comprehension; a `lazy` one may run at any time after it is made."""
        first = node.generators[0]
        self.expression(first.iter, state, sure=sure, late=late)
        # What one round binds, the next one reads.
        for part in ast.walk(node):
            if isinstance(part, ast.NamedExpr):
                self.bind(part.target, state, sure=False)
        late = late or lazy
        for generator in node.generators:
            if generator is not first:
                self.expression(generator.iter, state, sure=False, late=late)
            self.store(generator.target, state)
            for condition in generator.ifs:
                self.expression(condition, state, sure=False, late=late)
        for field in ("key", "value", "elt"):
            element = getattr(node, field, None)
            if element is not None:
                self.expression(element, state, sure=False, late=late)


_SPECIAL = {
    ast.NamedExpr, ast.Lambda, ast.BoolOp, ast.Compare, ast.IfExp, ast.Dict, ast.Call,
    ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp,
}  # fmt: skip


class Watch:
    """An expression whose value is fresh until one of its names is bound again."""

    def __init__(self, value: ast.expr, frame: Scope, keys: Iterable[Key]) -> None:
        self.value = value
        self.keys = frozenset(keys)
        self.key: Key = frame, ""
        self.fresh = frozenset([Definition("", "assign", value)])
        self.stale = frozenset([Definition("", "unknown", value)])

    def holds(self, held: Held) -> bool:
        return held == self.fresh
