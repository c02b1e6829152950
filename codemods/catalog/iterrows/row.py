"""What a loop does with its row, one use at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.iterrows.passing import parameter
from codemods.catalog.iterrows.reads import attribute, short, subscript
from codemods.catalog.iterrows.uses import Assumed, Mapped, Refused, Use
from codemods.context import Context
from codemods.facts.scopes import Definition

MOST_CALLS = 4


class Row:
    """The uses of one row variable, through aliases and functions of the file."""

    def __init__(self, context: Context, row_name: str) -> None:
        self.context = context
        self.row_name = row_name
        self._seen: set[tuple[Definition, bool]] = set()

    @property
    def bound(self) -> set[Definition]:
        """The row's binding, its aliases and the parameters that take it."""
        return {definition for definition, _ in self._seen}

    def uses(self, row: Definition, *, local: bool = True, depth: int = 0) -> list[Use]:
        """Every use of what `row` holds; `local` is false in another function.

        An alias (`last = row`) is followed; it may hold other things besides, so that
        what its uses become must suit a Series as well.
        """
        if (row, local) in self._seen:
            return []
        self._seen.add((row, local))
        found: list[Use] = []
        for name in self.context.uses(row):
            found += self.use(name, local, depth)
        return found

    def use(self, name: ast.Name, local: bool, depth: int) -> Iterator[Use]:
        up = self.context.parent(name)
        if not isinstance(name.ctx, ast.Load):
            yield Refused(f"`{name.id}` is deleted or changed in place")
            return
        match up:
            case ast.Subscript(value=value) if value is name:
                yield subscript(up, name, local, self.context)
            case ast.Attribute(value=value) if value is name:
                own = local and name.id == self.row_name
                yield attribute(up, name, local, self.context, own=own)
            case ast.Compare(comparators=[only], ops=[ast.In() | ast.NotIn()]) if (
                only is name
            ):
                yield Mapped(name)
            case ast.keyword(arg=None):
                yield Mapped(name, values=True)
            case ast.Dict() if (
                name in up.values and up.keys[up.values.index(name)] is None
            ):
                yield Mapped(name, values=True)
            case ast.Assign(targets=[ast.Name() as alias], value=value) if (
                value is name
            ):
                bound = self.context.facts.scopes.bound_by[alias]
                yield from self.uses(bound, local=local, depth=depth)
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()]) if left is name:
                yield Mapped(name)
            case ast.Call() if name in up.args:
                yield from self.passed(up, name, depth)
            case ast.keyword(arg=str()):
                call = self.context.parent(up)
                assert isinstance(call, ast.Call)
                yield from self.passed(call, name, depth)
            case ast.For(iter=value) | ast.comprehension(iter=value) if value is name:
                yield Refused(f"`{name.id}` is iterated for its values")
            case ast.Return() | ast.Yield():
                yield Refused(f"`{name.id}` leaves the function")
            case _:
                what = self.context.text(up) if isinstance(up, ast.expr) else ""
                where = f" in `{short(what)}`" if what else ""
                yield Refused(f"`{name.id}` is used as a whole{where}")

    def passed(self, call: ast.Call, name: ast.Name, depth: int) -> Iterator[Use]:
        """The uses of the row in a function of this file, which may take a dict."""
        for builtin in ("len", "dict"):
            if self.context.is_builtin(call.func, builtin):
                yield Mapped(name, values=builtin == "dict")
                return
        text = short(self.context.text(call.func))
        function = self.context.function_called(call)
        if depth >= MOST_CALLS or function is None:
            yield Refused(f"`{name.id}` is passed to `{text}`, which is not in view")
            return
        if self.context.facts.scopes.of_node[function].dynamic:
            yield Refused(f"names are read by `eval`, `exec` or the like in `{text}`")
            return
        bound = parameter(call, name, self.context)
        if bound is None:
            yield Refused(f"`{name.id}` is passed to `{text}` in a way not followed")
            return
        if isinstance(call.func, ast.Attribute):
            yield Assumed(f"assumes that no subclass elsewhere overrides `{text}`")
        yield from self.uses(bound, local=False, depth=depth + 1)
