"""Expressions in which what only the rest of the program could tell is made up.

A chain like `self.config["zone"]` becomes one parameter, a call like `api.fetch(x)` an
`asked("api.fetch(x)")` that hands out a made-up value and takes down that it was asked.
"""

from __future__ import annotations

import ast
import copy
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from codemods.evidence.cut.bringing import imports_of
from codemods.evidence.cut.hints import argument, taken, wanted
from codemods.evidence.cut.kinds import kinds_of_type
from codemods.evidence.cut.real import (
    is_method,
    is_real,
    is_real_builtin,
    receiver_kind,
)
from codemods.facts import Facts
from codemods.facts.calls import Defined

Chain = ast.Attribute | ast.Subscript | ast.Call | ast.Name
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Uncuttable(Exception):
    """Why a piece of code cannot be run apart from its program: a clause."""


@dataclass(frozen=True, slots=True)
class Given:
    """What must be made up: the parameter, the code it stands for, and how it is used.

    `kinds` are what its uses say of it. `asked` tells a call from a value.
    """

    name: str
    text: str
    kinds: frozenset[str]
    asked: bool = False


@dataclass(eq=False)
class Rewriting:
    """Expressions of one side; notes what is given and imported on the way."""

    facts: Facts
    bound: frozenset[str]
    runs: Callable[[ast.Call], bool]
    included: Callable[[Defined], bool]
    # Methods that are run on what is given, and what they are called on.
    methods: Mapping[str, str] = field(default_factory=dict)
    givens: list[Given] = field(default_factory=list)
    imports: list[ast.stmt] = field(default_factory=list)
    functions: list[Defined] = field(default_factory=list)
    # What the places of names that are bound ask for.
    hints: dict[str, set[str]] = field(default_factory=dict)

    def rewrite(self, node: ast.expr, *hints: str) -> ast.expr:
        """The expression as it can be run; `hints` say what its place asks for."""
        match node:
            case ast.Name(ctx=ast.Load()):
                return self._name(node, hints)
            case ast.Attribute() | ast.Subscript() | ast.Call():
                return self._chain(node, hints)
            case ast.Lambda(args=parameters):
                names = [
                    each.arg
                    for each in ast.walk(parameters)
                    if isinstance(each, ast.arg)
                ]
                return self._within(names, node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node)
            case ast.Await():
                raise Uncuttable("it is awaited, and there is no event loop here")
            case ast.Yield() | ast.YieldFrom():
                raise Uncuttable("it yields to a part of the program that is not here")
        return self._rebuilt(node, hints)

    def _rebuilt(self, node: ast.expr, hints: Iterable[str]) -> ast.expr:
        """The node with its parts rewritten, each with what its place says of it."""
        made = copy.copy(node)
        for name, value in ast.iter_fields(node):
            told = wanted(node, name, hints)
            if isinstance(value, ast.expr):
                setattr(made, name, self.rewrite(value, *told))
            elif isinstance(value, list):
                setattr(made, name, [self._part(each, told) for each in value])
        return made

    def _part(self, part: object, hints: Iterable[str]) -> object:
        match part:
            case ast.expr():
                return self.rewrite(part, *hints)
            case ast.keyword():
                return self._keyword(part)
        return part

    def _name(self, node: ast.Name, hints: Iterable[str]) -> ast.expr:
        if node.id in self.bound:
            self.hints.setdefault(node.id, set()).update(hints)
            return node
        qualified = self.facts.qualified_name(node)
        if (
            qualified is not None
            and "." not in qualified
            and is_real_builtin(qualified)
        ):
            return node
        if qualified is not None and (is_real(qualified) or is_real(f"{qualified}.x")):
            return self._imported(node)
        if qualified is not None and _is_error(qualified):
            return node
        return self._given(node, hints)

    def _chain(self, node: Chain, hints: Iterable[str]) -> ast.expr:
        if self._stands(node):
            return self._kept(node)
        return self._given(node, hints)

    def _kept(self, node: Chain) -> ast.expr:
        """A chain that is run, with its parts rewritten."""
        if isinstance(node, ast.Call):
            return self._call(node)
        if self._is_real_chain(node):
            return self._real(node)
        match node:
            case ast.Subscript(value=ast.Name() as root, slice=key):
                known = self.constant(root)
                if isinstance(known, dict) and all(isinstance(k, str) for k in known):
                    made = self.rewrite(key, f"among {json.dumps([*known])}")
                    return ast.Subscript(self.rewrite(root), made, ast.Load())
        return self._rebuilt(node, ())

    def _call(self, node: ast.Call) -> ast.expr:
        function = self.facts.function_called(node)
        hint: tuple[str, ...] = ()
        match node.func:
            case ast.Name() as func if function and self.included(function):
                self.functions.append(function)
                called: ast.expr = func
            case ast.Attribute(attr=attr, value=value) as func if is_method(
                attr
            ) and not self._is_real_chain(func):
                held = self.rewrite(value, receiver_kind(attr))
                called, hint = ast.Attribute(held, attr, ast.Load()), argument(attr)
            case ast.Attribute(attr=attr, value=value) if attr in self.methods:
                held = self.rewrite(value, self.methods[attr])
                called, hint = ast.Attribute(held, attr, ast.Load()), (f"{attr} of",)
            case func if self._known(node):
                called = self.rewrite(func)
                hint = taken(self.facts.qualified_name(func) or "")
            case func if self.holds_run(node):
                passed = [self.rewrite(each) for each in node.args]
                told = ast.Constant(ast.unparse(func))
                return ast.Call(ast.Name("passed", ast.Load()), [told, *passed], [])
            case _:
                return self._rebuilt(node, ())
        args = [self.rewrite(each, *hint) for each in node.args]
        keywords = [self._keyword(each) for each in node.keywords]
        return ast.Call(called, args, keywords)

    def _keyword(self, keyword: ast.keyword) -> ast.keyword:
        hint = f"keyword {keyword.arg}" if keyword.arg else "options"
        return ast.keyword(keyword.arg, self.rewrite(keyword.value, hint))

    def _known(self, node: ast.Call) -> bool:
        """Whether what is called is there: of a library, builtin, or on a result."""
        if self._is_real_chain(node.func) or self.holds_run(node.func):
            return True
        qualified = self.facts.qualified_name(node.func)
        return qualified is not None and (
            is_real(qualified) or is_real_builtin(qualified)
        )

    def _real(self, node: ast.expr) -> ast.expr:
        """A name of a library, and what imports it."""
        match node:
            case ast.Name():
                return self._imported(node)
            case ast.Attribute(value=value, attr=attr):
                return ast.Attribute(self._real(value), attr, ast.Load())
        return self.rewrite(node)

    def _stands(self, node: Chain) -> bool:
        """Whether a chain can be run as it is, once its parts can."""
        if self._is_real_chain(node) or self.holds_run(node):
            return True
        match node:
            case ast.Call(func=ast.Name() as func) if func.id not in self.bound:
                qualified = self.facts.qualified_name(func)
                if qualified and "." not in qualified and is_real_builtin(qualified):
                    return True
                if qualified and (is_real(qualified)):
                    return True
                function = self.facts.function_called(node)
                return function is not None and self.included(function)
            case ast.Call(func=ast.Attribute(attr=attr) as func):
                root = _root(func)
                held = isinstance(root, ast.Name) and root.id in self.bound
                own = is_method(attr) or attr in self.methods
                return self._is_real_chain(func) or held or own
        root = _root(node)
        if not isinstance(root, ast.Name):
            return True
        return root.id in self.bound or self.constant(root) is not None

    def constant(self, name: ast.Name) -> object:
        """What a name of the module holds that is bound once, to a literal; or None."""
        return constant(self.facts, name.id) if name.id not in self.bound else None

    def _is_real_chain(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        root = _root(node)
        if isinstance(root, ast.Name) and root.id in self.bound:
            return False
        qualified = self.facts.qualified_name(node)
        return qualified is not None and "." in qualified and is_real(qualified)

    def holds_run(self, node: ast.AST) -> bool:
        return any(isinstance(n, ast.Call) and self.runs(n) for n in ast.walk(node))

    def _imported(self, node: ast.Name) -> ast.expr:
        self.imports += imports_of(self.facts, node)
        return node

    def _given(self, node: Chain, hints: Iterable[str]) -> ast.expr:
        text = ast.unparse(node)
        asked = any(isinstance(each, ast.Call) for each in ast.walk(node))
        kinds = {*kinds_of_type(self.facts.types.of(node)), *hints}
        if self.facts.qualified_name(node) == "sys.executable":
            kinds = {"is program"}
        name = text if isinstance(node, ast.Name) else identifier(text)
        self.givens.append(Given(name, text, frozenset(kinds), asked))
        if asked:
            return ast.Call(ast.Name("asked", ast.Load()), [ast.Constant(text)], [])
        return ast.Name(name, ast.Load())

    def _comprehension(self, node: Comprehension) -> ast.expr:
        names = [
            each.id
            for generator in node.generators
            for each in ast.walk(generator.target)
            if isinstance(each, ast.Name)
        ]
        made = self._within(names, node)
        assert isinstance(made, Comprehension)
        generators = []
        inner = self._with(names)
        for index, each in enumerate(node.generators):
            first = self if index == 0 else inner
            iterated = first.rewrite(each.iter, "texts")
            ifs = [inner.rewrite(test, "flag") for test in each.ifs]
            generators.append(
                ast.comprehension(each.target, iterated, ifs, each.is_async)
            )
        made.generators = generators
        return made

    def _within(self, names: Iterable[str], node: ast.expr) -> ast.expr:
        return self._with(names)._rebuilt(node, ())

    def _with(self, names: Iterable[str]) -> Rewriting:
        return Rewriting(
            self.facts,
            self.bound | {*names},
            self.runs,
            self.included,
            self.methods,
            self.givens,
            self.imports,
            self.functions,
            self.hints,
        )


def identifier(text: str) -> str:
    """A parameter's name for a piece of code, the same for the same text."""
    plain = re.sub(r"\W+", "_", text).strip("_")[:40]
    return f"{plain}_{zlib.crc32(text.encode()) % 997}"


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def _is_error(qualified: str) -> bool:
    import builtins

    found = getattr(builtins, qualified, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def constant(facts: Facts, name: str) -> object:
    """What a name of the module holds that is bound once, to a literal; or None."""
    found = facts.scopes.module.definitions.get(name, [])
    if len(found) != 1 or found[0].kind != "assign" or found[0].value is None:
        return None
    try:
        value: object = ast.literal_eval(found[0].value)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return None
    return value
