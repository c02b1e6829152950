"""What one operation on a value tells of it."""

from __future__ import annotations

import ast
import re

from codemods.catalog.iterrows.attributes import (
    scalar_attributes,
    series_attributes,
)
from codemods.catalog.iterrows.comparisons import compared
from codemods.catalog.iterrows.handlers import catches
from codemods.catalog.iterrows.literals import constant
from codemods.catalog.iterrows.tells import ALL, NUMERIC, TEXT_OPERATION, TRUTH, Tells
from codemods.context import Context
from codemods.facts.purity import PURE_STR_METHODS

_MISSING_TESTS = {
    "pandas.isna", "pandas.isnull", "pandas.notna", "pandas.notnull",
}  # fmt: skip
_TO_NUMBER = {"float", "int", "complex"}
_NUMBER_FUNCTIONS = {
    "range", "round", "numpy.isclose", "numpy.sqrt", "numpy.exp", "numpy.log",
    "numpy.log10", "numpy.sin", "numpy.cos", "numpy.tan", "numpy.deg2rad",
    "numpy.rad2deg", "numpy.floor", "numpy.ceil",
}  # fmt: skip
# Where these take the text that they look through.
_SUBJECT = {
    "re.match": 1, "re.search": 1, "re.fullmatch": 1, "re.findall": 1,
    "re.finditer": 1, "re.split": 1, "re.sub": 2, "re.subn": 2,
}  # fmt: skip
# The formats of numbers, as the library reference spells them; `%Y-%m-%d` is a date's.
_NUMBER_FORMAT = re.compile(
    r"(?:[^%]?[<>=^])?[-+ ]?z?#?0?\d*[,_]?(?:\.\d+)?([eEfFgG%dxXob])"
)
_NUMPY_TESTS = {"numpy.isnan", "numpy.isfinite", "numpy.isinf", "math.isnan"}


def told(node: ast.expr, up: ast.AST | None, context: Context) -> Tells:
    """What `up`, the code around `node`, tells of its value."""
    match up:
        case ast.Compare():
            return compared(node, up, context)
        case ast.If() | ast.While() | ast.Assert() | ast.IfExp():
            return TRUTH
        case ast.UnaryOp(op=ast.Not()):
            return TRUTH
        case ast.comprehension(ifs=conditions) if node in conditions:
            return TRUTH
        case ast.comprehension(iter=iterated) | ast.For(iter=iterated):
            return TEXT_OPERATION if iterated is node else ALL
        case ast.FormattedValue():
            return formatted(up)
        case ast.Call(args=args) if node in args:
            return argument(node, up, context)
        case ast.Attribute(attr=attr):
            return attribute(attr)
        case ast.Subscript(value=value) if value is node:
            # A number's is an index error with numpy, and a type error without.
            caught = catches(("IndexError", "TypeError"), context.ancestors(node))
            told = ALL if caught else TEXT_OPERATION
            return told | Tells.LEVEL if _is_label(up.slice) else told
        case ast.Subscript(value=ast.Attribute(attr="at" | "loc"), ctx=ast.Load()):
            # A missing label is a KeyError, whichever it is.
            return Tells.NUMBER | Tells.DATE | Tells.PRESENT
        case ast.Subscript(value=ast.Attribute(attr="iloc" | "iat")):
            return Tells.NUMBER | NUMERIC | Tells.PRESENT
    return ALL


def _is_label(key: ast.expr) -> bool:
    return isinstance(constant(key), str)


def interpolated(node: ast.expr, up: ast.BinOp) -> Tells:
    """`"%d" % value`: what the format's only conversion says."""
    template = constant(up.left)
    if up.right is node and isinstance(template, str):
        kinds = re.findall(r"%[-+ #0-9.]*([a-zA-Z%])", template)
        if len(kinds) == 1 and kinds[0] in "diouxX":
            return Tells.NUMBER | NUMERIC
        if len(kinds) == 1 and kinds[0] in "eEfFgG":
            return NUMERIC
    return ALL


def formatted(up: ast.FormattedValue) -> Tells:
    """`f"{value:d}"`: what the format's type says."""
    match up:
        case ast.FormattedValue(
            conversion=-1,
            format_spec=ast.JoinedStr(values=[ast.Constant(value=str() as text)]),
        ) if (spec := _NUMBER_FORMAT.fullmatch(text)) is not None:
            # A Timestamp takes any format for one of `strftime`.
            told = Tells.NOT_TEXT | Tells.DATE
            return told if spec[1] in "eEfFgG%" else Tells.NUMBER | told
    return ALL


def argument(node: ast.expr, call: ast.Call, context: Context) -> Tells:
    """What a function that is known tells of what it is given."""
    name = context.qualified_name(call.func)
    if name in _MISSING_TESTS:
        return Tells.NOTHING
    if name in _TO_NUMBER and len(call.args) == 1:
        # float(None) is a TypeError, float(nan) is not; the number is the same
        # but for an int beside floats, which has been rounded.
        rounded = Tells.NUMBER if name == "int" else Tells.NOTHING
        return Tells.MISSING | Tells.DATE | rounded
    if name in _NUMPY_TESTS:
        # numpy.isnan(None) is a TypeError.
        return Tells.NOT_TEXT | Tells.DATE | Tells.MISSING
    if name in _NUMBER_FUNCTIONS or (name or "").startswith("math."):
        return Tells.NUMBER | NUMERIC
    if name == "len":
        return TEXT_OPERATION
    if name == "isinstance" and call.args[0] is node:
        return tested(call.args[1], context)
    if name in _SUBJECT and call.args.index(node) == _SUBJECT[name]:
        return TEXT_OPERATION
    return ALL


def tested(kinds: ast.expr, context: Context) -> Tells:
    """`isinstance`: a missing value, a number and a date are none of these types."""
    names = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    plain = {context.qualified_name(each) for each in names}
    if plain <= {"str", "list", "dict", "tuple", "set", "bytes"}:
        return Tells.NOTHING
    return ALL


def attribute(attr: str) -> Tells:
    """What has an attribute of this name, and what lacks it."""
    numbers, dates = scalar_attributes()
    if attr in PURE_STR_METHODS:
        if attr in dates:
            return Tells.NOT_NUMBER | Tells.DATE | Tells.MISSING
        one = Tells.NOTHING if attr in series_attributes() else Tells.ONE
        return TEXT_OPERATION | one
    if attr.startswith("__") or hasattr(str, attr):
        return ALL
    tells = ALL if attr in numbers else Tells.NOT_NUMBER
    if attr in dates:
        return tells | Tells.DATE | Tells.MISSING | Tells.NOT_TEXT
    if attr in numbers:
        # nan has it too, and proves nothing.
        return tells
    return tells | Tells.NOT_TEXT | Tells.NOT_DATE | Tells.PRESENT
