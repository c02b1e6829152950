"""Whether every reader of a container leaves it as it is."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from codemods.catalog.bare_except.handlers import inside
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.signatures import Signature
from codemods.facts.scopes import Definition

# Methods that put nothing into a container, nor change what it holds: those that give
# one thing that it holds, those that give several, and those that give neither.
ONE = frozenset("get pop popleft".split())
SEVERAL = frozenset(
    "keys values items copy most_common union difference intersection".split()
)
NEITHER = frozenset(
    "index count issubset issuperset isdisjoint remove discard clear reverse".split()
)
# Functions that put something into the first thing they are given, or hand what it
# holds to a function of anybody's.
CHANGES = frozenset(
    """heapq.heappush heapq.heappushpop heapq.heapreplace bisect.insort list.append
    bisect.insort_left bisect.insort_right list.extend list.insert dict.update
    dict.setdefault set.add set.update map filter""".split()
)
# Functions that may give back one of several things they are given.
CHOOSES = ("max", "min", "sum")
SCALARS = ("None", "bool", "int", "size", "float", "str", "bytes", "Class")


def _is_scalar(line: Signature) -> bool:
    """Whether a function gives a number, a text or the like, which shares nothing."""
    return all(one.name in SCALARS for one in line.gives)


def _gives_something(called: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(one, ast.Return) and not isinstance(one.value, ast.Constant | None)
        for one in inside(called.body)
    )


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks after one container: what every reader of it does.

    `levels` is how many containers deep it is: those within are shared with whatever
    is made of it. `left` is how many bindings and functions to follow it through.
    """

    scene: Scene
    levels: int
    left: int

    def keeps(self, definition: Definition) -> bool:
        """Whether every reader of a binding leaves the object it holds as it is."""
        readers = self.scene.context.facts.flow.readers(definition)
        return self.left > 0 and all(map(self._looks, readers))

    def _looks(self, node: ast.expr) -> bool:
        """Whether what is done with it, or with a part of it, leaves it so."""
        up = self.scene.context.parent(node)
        match up:
            case ast.Subscript(value=value) if value is node:
                down = 0 if isinstance(up.slice, ast.Slice) else 1
                return isinstance(up.ctx, ast.Load) and self._made_of_it(up, down)
            case ast.Subscript() | ast.Compare() | ast.FormattedValue() | ast.Slice():
                return True
            case ast.If() | ast.While() | ast.Assert() | ast.Expr() | ast.UnaryOp():
                return True
            case ast.Attribute(value=value, attr=attr) if value is node:
                around = self.scene.context.parent(up)
                if not isinstance(around, ast.Call) or around.func is not up:
                    return False
                return attr in NEITHER or (
                    attr in (*ONE, *SEVERAL) and self._made_of_it(around, attr in ONE)
                )
            case (
                ast.For(target=target, iter=it)
                | ast.comprehension(target=target, iter=it)
            ) if it is node:
                within = replace(self, levels=self.levels - 1)
                return within.levels < 1 or within._bound(target)
            case ast.Assign(targets=targets, value=value) if value is node:
                return all(map(self._bound, targets))
            case ast.Return():
                return self._is_local(node)
            case ast.BinOp():
                return self._made_of_it(up, 0)
            case ast.Call(func=func) if func is not node:
                return self._given(up, node)
        return False

    def _made_of_it(self, node: ast.expr, down: int) -> bool:
        """Whether a value made of it, from so many levels down, is left alone."""
        within = replace(self, levels=self.levels - down)
        # Of a container that holds plain things nothing is shared with a copy of it.
        return within.levels < 1 + (not down) or within._looks(node)

    def _given(self, call: ast.Call, node: ast.expr) -> bool:
        qualified = self.scene.context.qualified_name(call.func)
        lines = self.scene.known.entry(qualified) if qualified is not None else ()
        if not lines:
            return self._passed(call, node)
        if qualified in CHANGES or (qualified in CHOOSES and len(call.args) > 1):
            return False
        return all(map(_is_scalar, lines)) or self._made_of_it(call, 0)

    def _passed(self, call: ast.Call, node: ast.expr) -> bool:
        """Whether the function in view that is given it leaves it as it is."""
        called = self.scene.context.function_called(call)
        if called is None or node not in call.args:
            return False
        place = call.args.index(node) + isinstance(call.func, ast.Attribute)
        parameters = [*called.args.posonlyargs, *called.args.args]
        starred = any(isinstance(one, ast.Starred) for one in call.args)
        if place >= len(parameters) or starred:
            return False
        found = self.scene.context.facts.scopes.bound_by.get(parameters[place])
        within = replace(self, left=self.left - 1)
        # The function may give back what it was given.
        kept = not _gives_something(called) or self._looks(call)
        return kept and found is not None and within.keeps(found)

    def _bound(self, target: ast.expr) -> bool:
        """Whether the names of a target leave what they are bound to as it is."""
        if isinstance(target, ast.Tuple | ast.List):
            return all(map(self._bound, target.elts))
        found = self.scene.context.facts.scopes.bound_by.get(target)
        return found is not None and replace(self, left=self.left - 1).keeps(found)

    def _is_local(self, node: ast.expr) -> bool:
        """Whether what is returned is of the function's own: its code runs no more."""
        match node:
            case ast.Constant():
                return True
            case ast.Subscript(value=inner) | ast.Attribute(value=inner):
                return self._is_local(inner)
            case ast.Call(func=ast.Attribute() as func):
                return self._is_local(func)
            case ast.Call(args=args):
                return all(map(self._is_local, args))
            case ast.Name():
                scope = self.scene.context.scope(node)
                # A default lives on, from call to call.
                return scope.owner(node.id) is scope.frame and not any(
                    one.kind == "param" and one.value is not None
                    for one in self.scene.context.definitions(node)
                )
        return False
