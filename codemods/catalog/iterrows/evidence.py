"""What is known of a frame, from what is done with its rows and where it comes from."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.uses import Column, Mapped, Use
from codemods.catalog.iterrows.values import ALL, NUMERIC, Tells, Trait, Values
from codemods.context import Context

# Readers whose missing values are nan and which make no dates unless told to.
_PLAIN_READERS = {
    "pandas.read_csv", "pandas.read_table", "pandas.read_fwf",
}  # fmt: skip
_READER_OPTIONS = {
    "converters",
    "parse_dates",
    "dtype_backend",
    "engine",
    "date_format",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which differences a loop can tell, and which its frame rules out.

    `mixed`: the frame has a column that is not of numbers. `no_dates`: it has one that
    is not of dates. `solid`: each row has a value that is neither missing nor text nor
    date, or missing values are nan to begin with.
    """

    tells: Tells
    mixed: bool
    no_dates: bool
    solid: bool

    @property
    def numbers_differ(self) -> bool:
        return Tells.NUMBER in self.tells and not self.mixed

    @property
    def missing_differs(self) -> bool:
        return Tells.MISSING in self.tells and not self.solid

    @property
    def dates_differ(self) -> bool:
        return Tells.DATE in self.tells and not self.no_dates


def weigh(loop: Loop, uses: list[Use], context: Context) -> Evidence:
    columns = [use.node for use in uses if isinstance(use, Column)]
    traits = Values(context).traits(columns)
    tells = Tells.NOTHING
    for trait in traits:
        tells |= trait.tells
    if any(isinstance(use, Mapped) and use.values for use in uses):
        tells |= ALL
    sure = [trait for trait in traits if unconditional(trait.node, loop, context)]
    plain = _plain_reader(loop.frame, context)
    assumed = context.options.get("assume-mixed-dtypes") is True
    return Evidence(
        tells=tells,
        mixed=assumed or _any(sure, Tells.NOT_NUMBER),
        no_dates=assumed or plain or _any(sure, Tells.NOT_DATE),
        solid=plain or _any(sure, NUMERIC),
    )


def _any(traits: list[Trait], proof: Tells) -> bool:
    return any(
        proof in trait.tells and not (proof & NUMERIC and Tells.DATE in trait.tells)
        for trait in traits
    )


def unconditional(node: ast.AST, loop: Loop, context: Context) -> bool:
    """Whether every round of the loop evaluates `node`, if nothing is raised."""
    while (up := context.parent(node)) is not None:
        if up is loop.holder and isinstance(up, ast.For):
            return _no_way_out_before(node, up)
        if isinstance(loop.holder, ast.comprehension):
            if node is loop.body[0] and context.parent(loop.holder) is up:
                return True
            if up is loop.holder and node is loop.body[0]:
                return True
        if not _always_evaluates(up, node):
            return False
        node = up
    return False


def _no_way_out_before(statement: ast.AST, loop: ast.For) -> bool:
    """No earlier statement of the body may end the round."""
    for earlier in loop.body:
        if earlier is statement:
            return True
        for part in ast.walk(earlier):
            if isinstance(part, ast.Continue | ast.Break | ast.Return | ast.Raise):
                return False
            if isinstance(part, ast.Yield | ast.YieldFrom | ast.Await):
                return False
    return False


def _always_evaluates(up: ast.AST, node: ast.AST) -> bool:
    """Whether `up`, when it runs, always evaluates its part `node`."""
    match up:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return node is test
        case ast.For(iter=iterated):
            return node is iterated
        case ast.BoolOp(values=[first, *_]):
            return node is first
        case ast.Compare(left=left, comparators=[first, *_]):
            return node is left or node is first
        case ast.With():
            return node in up.items
        case ast.Try() | ast.TryStar() | ast.Match() | ast.Assert():
            return False
        case ast.comprehension() | ast.Lambda() | ast.FunctionDef() | ast.ClassDef():
            return False
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return False
        case ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith():
            return False
    return True


def _plain_reader(frame: ast.expr, context: Context) -> bool:
    """Whether the frame is what a text file gave, as it gave it."""
    value: ast.expr | None = frame
    if isinstance(frame, ast.Name):
        value = context.value_of(frame)
        for definition in context.definitions(frame):
            if not all(
                _leaves_alone(name, context) for name in context.uses(definition)
            ):
                return False
    if not isinstance(value, ast.Call):
        return False
    options = {keyword.arg for keyword in value.keywords}
    return context.qualified_name(value.func) in _PLAIN_READERS and not (
        options & (_READER_OPTIONS | {None})
    )


_READS_ONLY = {
    "iterrows", "columns", "index", "shape", "empty", "head", "tail", "copy", "groupby",
    "sort_values", "dtypes", "to_numpy", "to_dict", "to_csv", "describe", "info",
}  # fmt: skip


def _leaves_alone(name: ast.Name, context: Context) -> bool:
    up = context.parent(name)
    match up:
        case ast.Attribute(attr=attr, ctx=ast.Load()):
            return attr in _READS_ONLY
        case ast.Subscript(value=value, ctx=ast.Load()):
            return value is name
        case ast.Call():
            return context.is_builtin(up.func, "len")
    return False
