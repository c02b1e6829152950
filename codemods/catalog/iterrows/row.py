"""What a loop does with its row, one use at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.iterrows.attributes import series_attributes
from codemods.catalog.iterrows.passing import parameter
from codemods.catalog.iterrows.uses import Assumed, Column, Label, Mapped, Refused, Use
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
                yield self.subscript(up, name, local)
            case ast.Attribute(value=value) if value is name:
                yield self.attribute(up, name, local)
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
                where = f" in `{_short(what)}`" if what else ""
                yield Refused(f"`{name.id}` is used as a whole{where}")

    def subscript(self, node: ast.Subscript, name: ast.Name, local: bool) -> Use:
        if not isinstance(node.ctx, ast.Load):
            return Refused(f"`{_short(self.context.text(node))}` is written")
        key = node.slice
        match key:
            case ast.Constant(value=str()):
                return Column(node, key, name, local=local)
            case ast.Constant() | ast.UnaryOp():
                return Refused(f"`{self.context.text(node)}` may be a position")
            case ast.Slice() | ast.Tuple() | ast.List():
                return Refused(
                    f"`{_short(self.context.text(node))}` is a part of the row"
                )
        if self.is_number(key):
            return Refused(f"`{self.context.text(node)}` may be a position")
        return Column(node, key, name, known=self.is_text(key), local=local)

    def is_number(self, key: ast.expr) -> bool:
        kind = self.context.type_of(key)
        return kind is not None and any(
            each.name in ("int", "float", "bool") for each in kind.members
        )

    def is_text(self, key: ast.expr) -> bool:
        kind = self.context.type_of(key)
        return kind is not None and all(each.name == "str" for each in kind.members)

    def attribute(self, node: ast.Attribute, name: ast.Name, local: bool) -> Use:
        up = self.context.parent(node)
        if not isinstance(node.ctx, ast.Load):
            return Refused(f"`{self.context.text(node)}` is written")
        if node.attr == "get" and isinstance(up, ast.Call) and up.func is node:
            return self.get(up, name, local)
        if node.attr == "name":
            if local and name.id == self.row_name:
                return Label(node)
            return Refused("the row's label is read through another name")
        if node.attr == "index" and local and self.labels_only(node):
            return Mapped(node, name.id)
        if node.attr == "keys" and isinstance(up, ast.Call) and not up.args:
            return Mapped(up) if self.labels_only(up) else self.series_only(node)
        if node.attr in series_attributes():
            return self.series_only(node)
        called = isinstance(up, ast.Call) and up.func is node
        if node.attr.startswith("_") or called or not local:
            return self.series_only(node)
        return Column(node, node.attr, name, attribute=True, local=local)

    def labels_only(self, node: ast.expr) -> bool:
        """Whether an expression for the row's labels is iterated or looked up in."""
        up = self.context.parent(node)
        match up:
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
                return iterated is node
            case ast.Compare(comparators=[only], ops=[ast.In() | ast.NotIn()]):
                return only is node
        return False

    def series_only(self, node: ast.Attribute) -> Refused:
        return Refused(f"`{self.context.text(node)}` needs a Series")

    def get(self, call: ast.Call, name: ast.Name, local: bool) -> Use:
        match call:
            case ast.Call(args=[key] | [key, _], keywords=[]):
                if isinstance(key, ast.Constant) and not isinstance(key.value, str):
                    return Refused(f"`{self.context.text(call)}` may be a position")
                known = isinstance(key, ast.Constant) or self.is_text(key)
                if self.is_number(key):
                    return Refused(f"`{self.context.text(call)}` may be a position")
                return Column(call, key, name, lazy=True, known=known, local=local)
        return Refused(f"`{_short(self.context.text(call))}` needs a Series")

    def passed(self, call: ast.Call, name: ast.Name, depth: int) -> Iterator[Use]:
        """The uses of the row in a function of this file, which may take a dict."""
        for builtin in ("len", "dict"):
            if self.context.is_builtin(call.func, builtin):
                yield Mapped(name, values=builtin == "dict")
                return
        text = _short(self.context.text(call.func))
        if depth >= MOST_CALLS or self.context.function_called(call) is None:
            yield Refused(f"`{name.id}` is passed to `{text}`, which is not in view")
            return
        bound = parameter(call, name, self.context)
        if bound is None:
            yield Refused(f"`{name.id}` is passed to `{text}` in a way not followed")
            return
        if isinstance(call.func, ast.Attribute):
            yield Assumed(f"assumes that no subclass elsewhere overrides `{text}`")
        yield from self.uses(bound, local=False, depth=depth + 1)


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= 40 else one[:37] + "..."
