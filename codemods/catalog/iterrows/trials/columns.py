"""Which columns a loop reads, and what it takes them to hold.

Not by the analysis that the codemod decides by: what that gets wrong, this shall show.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any

from codemods.catalog.iterrows.attributes import series_attributes
from codemods.catalog.iterrows.trials.sources import KEEPING, Sources
from codemods.evidence.extraction import Needs
from codemods.evidence.guesses import METHODS

DATE_PARTS = {
    "year", "month", "day", "date", "strftime", "isoformat", "hour", "minute",
    "timestamp", "weekday", "to_pydatetime", "tzinfo",
}  # fmt: skip
OF_FRAMES = {"columns", "itertuples", "merge", "join", "insert", "assign", "melt"}
OF_NUMBERS = {"float", "int", "abs", "round", "range", "min", "max", "sum", "bool"}
OF_TEXT = {"json.loads", "os.path.join", "os.path.basename", "re.match", "re.sub"}
# A text may be looped over and tested, too: what tells most comes first.
SUREST = ("text", "date", "number", "list", "flag")
MOST_LITERALS = 12
MOST_FOLLOWED = 4


class Columns:
    """Columns with their kinds; `keys` are inputs that name one."""

    def __init__(self, needs: Needs, sources: Sources) -> None:
        self.needs = needs
        self.context = needs.context
        self.sources = sources
        self.told: dict[str, Counter[str]] = {}
        self.sure: set[str] = set()
        self.keys: dict[str, Any] = {}

    @property
    def optional(self) -> set[str]:
        """Columns that are only read in ways that do without."""
        return set(self.told) - self.sure

    def find(self) -> None:
        rows = {name.id for name in self.rows()}
        frames = {*self.sources.frames, *self.bound_frames()}
        for node in self.nodes():
            match node:
                case ast.Subscript(value=ast.Name(id=base), slice=key) if base in rows:
                    self.read(node, key, sure=True)
                case ast.Call(
                    func=ast.Attribute(attr="get", value=ast.Name(id=base)),
                    args=[key, *_],
                ) if base in rows:
                    self.read(node, key, sure=False)
                case ast.Attribute(value=ast.Name(id=base), attr=attr) if (
                    base in rows | frames
                    and attr not in series_attributes() | OF_FRAMES | KEEPING
                ):
                    self.note(attr, self.kind(node), sure=True)
                case ast.Subscript(value=ast.Name(id=base), slice=key) if (
                    base in frames and isinstance(node.ctx, ast.Load)
                ):
                    self.read(node, key, sure=True)
                case ast.Compare(
                    left=key, ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=b)]
                ) if b in rows:
                    self.read(node, key, sure=False)

    def nodes(self) -> Iterator[ast.AST]:
        for statement in (*self.needs.local, *self.needs.module):
            yield from ast.walk(statement)
        yield from self.needs.piece

    def rows(self) -> Iterator[ast.Name]:
        """The names that take a row, or its label."""
        for node in self.nodes():
            if isinstance(node, ast.For | ast.comprehension):
                calls = [
                    each
                    for each in ast.walk(node.iter)
                    if isinstance(each, ast.Attribute) and each.attr == "iterrows"
                ]
                if calls:
                    yield from (
                        each
                        for each in ast.walk(node.target)
                        if isinstance(each, ast.Name)
                    )

    def kept_rows(self) -> set[str]:
        """Names that hold a row after the loop, which is a dict after the fix."""
        rows = {
            pair.elts[1].id
            for node in self.nodes()
            if isinstance(node, ast.For)
            for pair in ast.walk(node.target)
            if isinstance(pair, ast.Tuple | ast.List)
            and len(pair.elts) == 2
            and isinstance(pair.elts[1], ast.Name)
        }
        for node in self.nodes():
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=alias)], value=ast.Name(id=name)
                ) if name in rows:
                    rows.add(alias)
        return rows

    def bound_frames(self) -> set[str]:
        return {
            name.id
            for statement in self.needs.local
            if isinstance(statement, ast.Assign)
            for name in statement.targets
            if isinstance(name, ast.Name)
        } & {
            node.value.id
            for node in self.nodes()
            if isinstance(node, ast.Attribute)
            and node.attr == "iterrows"
            and isinstance(node.value, ast.Name)
        }

    def read(self, node: ast.expr, key: ast.expr, *, sure: bool) -> None:
        match key:
            case ast.Constant(value=str() as column):
                self.note(column, self.kind(node), sure=sure)
            case ast.Name(id=name) if name in self.needs.inputs:
                column = f"{name} column"
                self.keys[name] = column
                self.note(column, self.kind(node), sure=sure)
            case ast.Name():
                self.of_list(key)
            case ast.List(elts=elts):
                for each in elts:
                    self.read(node, each, sure=sure)

    def of_list(self, key: ast.Name) -> None:
        """`for key in names: row[key]`, where the names are an input."""
        for each in self.context.definitions(key):
            if each.kind == "for" and isinstance(each.value, ast.Name):
                if each.value.id in self.needs.inputs:
                    self.keys[each.value.id] = ["one", "other"]
                    self.note("one", None, sure=True)
                    self.note("other", None, sure=True)

    def note(self, column: str, kind: str | None, *, sure: bool) -> None:
        told = self.told.setdefault(column, Counter())
        if kind is not None:
            told[kind] += 1
        if sure:
            self.sure.add(column)

    def of_frame(self, name: str) -> dict[str, str]:
        """What a frame must have; all of it in every one, where there are several."""
        return {
            column: next((kind for kind in SUREST if told[kind]), "any")
            for column, told in self.told.items()
        }

    def literals(self) -> dict[str, list[Any]]:
        held = [
            each.value
            for each in sorted(
                (e for e in self.nodes() if isinstance(e, ast.Constant)),
                key=lambda e: (e.lineno, e.col_offset),
            )
        ]
        texts = [each for each in held if isinstance(each, str) and len(each) < 40]
        numbers = [
            each
            for each in held
            if isinstance(each, int | float) and not isinstance(each, bool)
        ]
        return {
            "text": list(dict.fromkeys(texts))[:MOST_LITERALS],
            "number": list(dict.fromkeys(numbers))[:MOST_LITERALS],
        }

    # -- what is done with a value

    def kind(self, node: ast.expr, depth: int = 0) -> str | None:
        up = self.context.parent(node)
        match up:
            case ast.Assign(targets=[ast.Name() as target]) if depth < MOST_FOLLOWED:
                bound = self.context.facts.scopes.bound_by[target]
                kinds = [
                    self.kind(name, depth + 1) for name in self.context.uses(bound)
                ]
                return next((each for each in kinds if each), None)
            case ast.Attribute(attr=attr):
                return _by_attribute(attr)
            case ast.Compare():
                return _by_comparison(node, up)
            case ast.BinOp():
                return _by_operator(node, up)
            case ast.UnaryOp(op=ast.USub()):
                return "number"
            case ast.AugAssign(value=value) if value is node:
                return "number"
            case ast.Call(func=func) if node is not func:
                return self.by_call(func)
            case ast.Subscript(value=value) if value is node:
                return "text"
            case ast.Subscript(slice=key, value=value) if key is node:
                return None
            case ast.For(iter=value) | ast.comprehension(iter=value) if value is node:
                return "list"
            case ast.If() | ast.IfExp() | ast.UnaryOp(op=ast.Not()) | ast.While():
                return "flag"
        return None

    def by_call(self, func: ast.expr) -> str | None:
        name = self.context.qualified_name(func) or ""
        if name in OF_NUMBERS or name.startswith(("math.", "numpy.")):
            return "number"
        if name in OF_TEXT or name.startswith("re."):
            return "text"
        return None


def _by_attribute(attr: str) -> str | None:
    if attr in METHODS["str"] or attr == "str":
        return "text"
    if attr in DATE_PARTS or attr == "dt":
        return "date"
    return "number" if attr == "is_integer" else None


def _by_comparison(node: ast.expr, up: ast.Compare) -> str | None:
    others = [each for each in (up.left, *up.comparators) if each is not node]
    for other in others:
        match other:
            case ast.Constant(value=bool()):
                return "flag"
            case ast.Constant(value=int() | float()):
                return "number"
            case ast.Constant(value=str()):
                return "text"
            case (
                ast.Tuple(elts=[first, *_])
                | ast.List(elts=[first, *_])
                | ast.Set(elts=[first, *_])
            ):
                return _by_comparison(node, ast.Compare(node, [ast.Eq()], [first]))
    return None


def _by_operator(node: ast.expr, up: ast.BinOp) -> str | None:
    other = up.right if up.left is node else up.left
    match up.op, other:
        case ast.Add(), ast.Constant(value=str()) | ast.JoinedStr():
            return "text"
        case ast.Mod(), ast.Constant(value=str()):
            return None
        case ast.Add(), ast.Name() | ast.Attribute() | ast.Subscript():
            return None
    return "number"
