"""What of one function is kept: the statements that are marked, and what feeds them.

Early exits before them are taken not to happen, but for guards that only look at values
in view; handlers around them note that they were entered and do nothing.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codemods.evidence.cut.changes import Frame, Mark
from codemods.evidence.cut.free import Given, Rewriting, Uncuttable, constant
from codemods.evidence.cut.kinds import kinds_of_type
from codemods.evidence.cut.names import SCOPES, loaded, own_statements, roots, stored
from codemods.facts import Facts
from codemods.facts.calls import Defined

ENDS = ast.Return | ast.Raise | ast.Continue | ast.Break
GROWS = ("append", "extend", "insert", "update", "setdefault", "add")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One version of a file, and the marks of its changed functions."""

    facts: Facts
    changed: dict[Frame, frozenset[Mark]]
    runs: Callable[[ast.Call], bool]
    methods: Mapping[str, str] = field(default_factory=dict)

    def is_run(self, call: ast.Call) -> bool:
        """Whether a call runs what the trial is about, itself or by a wrapper."""
        return self.runs(call) or self.facts.function_called(call) in self.changed

    def has_run(self, node: ast.AST) -> bool:
        return any(isinstance(n, ast.Call) and self.is_run(n) for n in ast.walk(node))

    def results(self, frame: Frame) -> frozenset[str]:
        """The names that the changed statements with a run bind."""
        return frozenset(
            name
            for mark in self.changed[frame]
            if self.has_run(mark)
            for name in stored(mark)
        )


@dataclass(eq=False)
class Cutter:
    """What of one function is kept; `included` says which functions come along."""

    side: Side
    frame: Frame
    results: frozenset[str]
    included: Callable[[Defined], bool]
    returns: bool = False
    needed: set[str] = field(default_factory=set)
    kept: set[ast.stmt] = field(default_factory=set)
    # The targets of loops that are kept.
    targets: set[ast.AST] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.marks = self.side.changed.get(self.frame, frozenset())
        running = {each for each in self.marks if self.side.has_run(each)}
        self.running = running or self.marks
        self.last = max((getattr(m, "lineno", 0) for m in self.marks), default=0)
        self._select()
        names = {name for each in (*self.kept, *self.marks) for name in stored(each)}
        self.rewriting = self._rewriting(frozenset(names))

    def _rewriting(self, bound: frozenset[str]) -> Rewriting:
        side = self.side
        return Rewriting(side.facts, bound, side.is_run, self.included, side.methods)

    # -- what is kept

    def _select(self) -> None:
        self.needed |= {name for mark in self.marks for name in loaded(mark)}
        while True:
            more = [
                each
                for each in own_statements(self.frame.body)
                if each not in self.kept
                and each not in self.marks
                and each.lineno <= self.last
                and self._feeds(each)
            ]
            if not more:
                return
            self.kept |= {*more}
            for each in more:
                self.needed |= {*loaded(each)}

    def _feeds(self, statement: ast.stmt) -> bool:
        """Whether a simple statement makes or grows what is needed, in full view."""
        match statement:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                held = {*stored(statement), *roots(statement)}
                return bool(held & self.needed) and not self._is_opaque(value)
            case ast.AugAssign(target=ast.Name(id=name)):
                return name in self.needed
            case ast.Expr(
                ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr))
            ):
                return name in self.needed and attr in GROWS
        return False

    def _is_opaque(self, value: ast.expr) -> bool:
        """Whether nothing would be left of a value but that it is made up."""
        if self.side.has_run(value):
            return True
        bare = self._rewriting(frozenset(self.needed))
        try:
            made = bare.rewrite(value)
        except Uncuttable:
            return True
        match made:
            case ast.Call(func=ast.Name(id="asked")):
                return True
        return isinstance(made, ast.Name) and not isinstance(value, ast.Name)

    def entering(self) -> Iterator[Given]:
        """Names that are kept and hold something before that the cut leaves out."""
        bound = self.rewriting.bound
        for name in sorted(bound & self.needed):
            kept = {n for each in (*self.kept, *self.marks) for n in ast.walk(each)}
            kept |= self.targets
            scope = self.side.facts.scopes.of_node[self.frame]
            for definition in scope.definitions.get(name, ()):
                line = getattr(definition.node, "lineno", 0)
                if definition.node not in kept and line <= self.last:
                    hints = self.rewriting.hints.get(name, ())
                    known = kinds_of_type(self.side.facts.types.bound(definition))
                    yield Given(name, name, frozenset([*hints, *known]))

    # -- what is written

    def block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        return [made for each in statements for made in self._statement(each)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if node in self.marks:
            return self._marked(node)
        if node in self.kept:
            return [self.written(node)]
        match node:
            case ast.If():
                return self._if(node)
            case ast.For():
                return self._for(node)
            case ast.While():
                head = [self._seen(node.test)] if node.test in self.marks else []
                inner = self.block(node.body)
                if inner and not self.leads_to_run(node):
                    raise Uncuttable("is fed by a `while` loop")
                return [*head, *inner]
            case ast.With():
                return self.block(node.body)
            case ast.Try():
                return self._try(node)
            case ast.Return(value=ast.expr() as value) if self.returns:
                if {*loaded(value)} <= self.rewriting.bound:
                    return [ast.Return(self.rewriting.rewrite(value))]
        return []

    def _marked(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Return) and node.value is not None:
            if self.returns:
                return [ast.Return(self.rewriting.rewrite(node.value))]
            return [self._seen(node.value)]
        if self._only_tells(node):
            return []
        made: list[ast.stmt] = [self.written(node)]
        if self.side.has_run(node):
            made += [
                _call("bound", name) for name in sorted({*stored(node)} & self.results)
            ]
        return made

    def _only_tells(self, node: ast.stmt) -> bool:
        """Whether a statement is a call that runs nothing: a log line, say."""
        match node:
            case ast.Expr(ast.Call()):
                return not self.side.has_run(node) and not self._feeds(node)
        return False

    def _seen(self, value: ast.expr) -> ast.stmt:
        func = ast.Name("seen", ast.Load())
        return ast.Expr(ast.Call(func, [self.rewriting.rewrite(value)], []))

    def _if(self, node: ast.If) -> list[ast.stmt]:
        body, orelse = self.block(node.body), self.block(node.orelse)
        if node.test in self.marks:
            return [self._seen(node.test), *body, *orelse]
        if not (body or orelse):
            return self._guard(node)
        inside = self.leads_to_run(node)
        if inside and not (body and orelse) and not self._in_view(node.test):
            return [*body, *orelse]
        test = self.rewriting.rewrite(node.test, "flag")
        return [ast.If(test, body or [ast.Pass()], orelse)]

    def _guard(self, node: ast.If) -> list[ast.stmt]:
        leaves = isinstance(node.body[-1], ENDS) and not node.orelse
        if not leaves or node.lineno > self.last or not self._in_view(node.test):
            return []
        return [ast.If(self.rewriting.rewrite(node.test), [_call("left")], [])]

    def _in_view(self, test: ast.expr) -> bool:
        """Whether a test looks at nothing but what the cut needs anyway."""
        probe = self._rewriting(self.rewriting.bound)
        try:
            probe.rewrite(test)
        except Uncuttable:
            return False
        known = {each.text for each in self.rewriting.givens}
        facts = self.side.facts
        return all(
            g.text in self.needed | known or constant(facts, g.text) is not None
            for g in probe.givens
        )

    def _for(self, node: ast.For) -> list[ast.stmt]:
        if node.iter in self.marks:
            target = ast.parse(ast.unparse(node.target), mode="eval").body
            seen = ast.Call(ast.Name("seen", ast.Load()), [target], [])
            iterated = self.rewriting.rewrite(node.iter)
            return [ast.For(node.target, iterated, [ast.Expr(seen)], [])]
        if self.leads_to_run(node) and not self._in_view(node.iter):
            return self.block(node.body)
        self.rewriting.bound |= {*stored(node.target)}
        self.targets |= {*ast.walk(node.target)}
        body = self.block(node.body)
        if not body:
            return []
        iterated = self.rewriting.rewrite(node.iter, "texts")
        return [ast.For(node.target, iterated, body, [])]

    def _try(self, node: ast.Try) -> list[ast.stmt]:
        inner = [self.block(h.body) for h in node.handlers]
        body = [*self.block(node.body)]
        tail = [*self.block(node.orelse), *self.block(node.finalbody)]
        for handler, made in zip(node.handlers, inner, strict=True):
            if any(self.leads_to_run(each) for each in handler.body):
                return made
        in_body = any(self.leads_to_run(each) for each in node.body)
        handlers = [*self._handlers(node)] if in_body else []
        if not handlers:
            return [*body, *tail]
        return [ast.Try(body, handlers, [], []), *tail]

    def _handlers(self, node: ast.Try) -> Iterator[ast.ExceptHandler]:
        for index, handler in enumerate(node.handlers):
            probe = self._rewriting(self.rewriting.bound)
            if handler.type is not None:
                made = probe.rewrite(handler.type)
                if probe.givens:
                    continue
                self.rewriting.imports += probe.imports
            else:
                made = None
            yield ast.ExceptHandler(made, None, [_call("caught", index)])

    def written(self, node: ast.stmt) -> ast.stmt:
        """A statement with its expressions rewritten."""
        if isinstance(node, SCOPES):
            raise Uncuttable("a function that is made on the way is part of the change")
        if isinstance(node, ast.Return) and node.value and not self.returns:
            return self._seen(node.value)
        made = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(made, name, [self._part(each) for each in value])
            elif isinstance(value, ast.expr):
                setattr(made, name, self._part(value))
        return made

    def _part(self, part: object) -> object:
        match part:
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                if not {*roots(part)} <= self.rewriting.bound:
                    return ast.Name("elsewhere", ast.Store())
                return part
            case ast.Name(ctx=ast.Store()) | ast.Tuple(ctx=ast.Store()):
                return part
            case ast.expr():
                return self.rewriting.rewrite(part)
            case ast.stmt():
                return self.written(part)
            case ast.withitem():
                held = self.rewriting.rewrite(part.context_expr)
                return ast.withitem(held, part.optional_vars)
            case ast.ExceptHandler():
                body = [self.written(each) for each in part.body]
                kind = self.rewriting.rewrite(part.type) if part.type else None
                return ast.ExceptHandler(kind, part.name, body)
        return part

    def leads_to_run(self, node: ast.AST) -> bool:
        """Whether what is run is inside: being there is taken for granted then."""
        return any(each in self.running for each in ast.walk(node))


def defined(name: str, names: list[ast.arg], body: list[ast.stmt]) -> ast.FunctionDef:
    parameters = ast.arguments([], names, None, [], [], None, [])
    made = ast.FunctionDef(name, parameters, body or [ast.Pass()], [])
    made.type_params = []  # type: ignore[attr-defined]
    return made


def is_literal(value: ast.expr | None) -> bool:
    try:
        ast.literal_eval(value or "")
    except (ValueError, TypeError, SyntaxError):
        return False
    return True


def _call(name: str, *given: object) -> ast.stmt:
    args: list[ast.expr] = [ast.Constant(each) for each in given]  # type: ignore[arg-type]
    if name == "bound":
        args.append(ast.Name(str(given[0]), ast.Load()))
    return ast.Expr(ast.Call(ast.Name(name, ast.Load()), args, []))
