"""What a loop does with a value of the row, and what that says of the frame.

Three differences may separate the rewritten value from the original:
- number: in a frame of numbers only, the original is a numpy scalar of the common
  type (an int beside floats is a float), a column's own value is a Python number;
- missing: in a row of nothing but text (or dates) and missing values, the original
  has nan (NaT) where the column holds None or `<NA>`;
- date: in a frame of dates only, the array holds `datetime64`, the row Timestamps.
A use tells them apart or it does not; some uses prove what the frame holds.
"""

from __future__ import annotations

import ast
import re
import struct
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Flag, auto
from functools import cache
from importlib import resources

from codemods.catalog.iterrows.passing import parameter
from codemods.context import Context
from codemods.facts.purity import PURE_STR_METHODS


class Tells(Flag):
    """What a use can tell apart, and what it proves the value not to be."""

    NOTHING = 0
    NUMBER = auto()
    MISSING = auto()
    DATE = auto()
    # A missing value, whichever, raises the same.
    PRESENT = auto()
    NOT_NUMBER = auto()
    NOT_TEXT = auto()
    NOT_DATE = auto()


ALL = Tells.NUMBER | Tells.MISSING | Tells.DATE
MOST_FOLLOWED = 40
# A truth test: None is false and nan is true.
TRUTH = Tells.MISSING | Tells.DATE
PROOFS = Tells.NOT_NUMBER | Tells.NOT_TEXT | Tells.NOT_DATE | Tells.PRESENT
TEXT = Tells.NOT_NUMBER | Tells.NOT_DATE
# Text by an operation that no number, no date and no missing value has.
TEXT_OPERATION = TEXT | Tells.PRESENT
NUMERIC = Tells.NOT_TEXT | Tells.NOT_DATE
# Durations divide, multiply and change sign as well.
NUMERIC_OR_DURATION = Tells.NOT_TEXT | Tells.DATE
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
_NUMPY_TESTS = {"numpy.isnan", "numpy.isfinite", "numpy.isinf", "math.isnan"}


@cache
def scalar_attributes() -> tuple[frozenset[str], frozenset[str]]:
    """The attributes of numbers, and of dates."""
    text = resources.files(__package__).joinpath("scalar_attributes.toml").read_text()
    table = tomllib.loads(text)
    return frozenset(table["numbers"]), frozenset(table["dates"])


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that is done with a value: where, and what it tells.

    `column` is the read that the value comes from.
    """

    node: ast.AST
    tells: Tells
    column: ast.expr | None = None


class Values:
    """The traits of values, followed through plain assignments."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._seen: set[ast.AST] = set()

    def traits(self, nodes: Iterable[ast.expr]) -> list[Trait]:
        found: list[Trait] = []
        for node in nodes:
            self._seen.clear()
            found += [replace(trait, column=node) for trait in self.of(node)]
        return found

    def of(self, node: ast.expr) -> list[Trait]:
        """What the code does with the value of `node`."""
        if node in self._seen:
            return []
        self._seen.add(node)
        up = self.context.parent(node)
        match up:
            case ast.Assign(targets=[ast.Name() as target]):
                bound = self.context.facts.scopes.bound_by[target]
                readers = self.context.uses(bound)
                return [trait for name in readers for trait in self.of(name)]
            case ast.Expr():
                return []
            case ast.BinOp():
                return self.operated(node, up)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return [Trait(up, Tells.NUMBER | NUMERIC_OR_DURATION), *self.of(up)]
            case ast.BoolOp():
                return [Trait(node, TRUTH), *self.of(up)]
            case ast.IfExp(test=test) if test is not node:
                return self.of(up)
            case ast.Call() | ast.keyword():
                inside = self.handed_to(node, up)
                if inside is not None:
                    return inside
        return [Trait(node, self.tells(node, up))]

    def handed_to(
        self, node: ast.expr, up: ast.Call | ast.keyword
    ) -> list[Trait] | None:
        """What a function of this file does with a value that is passed to it."""
        call = up if isinstance(up, ast.Call) else self.context.parent(up)
        if not isinstance(call, ast.Call) or node is call.func:
            return None
        bound = parameter(call, node, self.context)
        if bound is None or len(self._seen) > MOST_FOLLOWED:
            return None
        readers = self.context.uses(bound)
        return [
            Trait(node, trait.tells & ~PROOFS)
            for name in readers
            for trait in self.of(name)
        ]

    def operated(self, node: ast.expr, up: ast.BinOp) -> list[Trait]:
        """Arithmetic: the result is followed on."""
        other = up.right if up.left is node else up.left
        constant = _constant(other)
        on = self.of(up)
        match up.op:
            case ast.Add() if isinstance(constant, str):
                return [Trait(up, TEXT | Tells.MISSING)]
            case ast.Mod() if self._is_text(up.left):
                return [Trait(up, self.interpolated(node, up))]
            case ast.Add() | ast.Sub() if _is_number(constant):
                return [Trait(up, Tells.NUMBER | NUMERIC), *on]
            case ast.Mult() if isinstance(constant, float):
                return [Trait(up, Tells.NUMBER | NUMERIC_OR_DURATION), *on]
            case ast.Div() | ast.FloorDiv():
                return [Trait(up, Tells.NUMBER | NUMERIC_OR_DURATION), *on]
            case ast.Pow():
                return [Trait(up, Tells.NUMBER | NUMERIC), *on]
        return [Trait(up, ALL), *on]

    def tells(self, node: ast.expr, up: ast.AST | None) -> Tells:
        match up:
            case ast.Compare():
                return self.compared(node, up)
            case ast.If() | ast.While() | ast.Assert() | ast.IfExp():
                return TRUTH
            case ast.UnaryOp(op=ast.Not()):
                return TRUTH
            case ast.comprehension(ifs=conditions) if node in conditions:
                return TRUTH
            case ast.comprehension(iter=iterated) | ast.For(iter=iterated):
                return TEXT_OPERATION if iterated is node else ALL
            case ast.FormattedValue(format_spec=spec):
                return self.formatted(up, spec)
            case ast.Call(args=args) if node in args:
                return self.argument(node, up)
            case ast.Attribute(attr=attr):
                return self.attribute(attr)
            case ast.Subscript(value=value) if value is node:
                return TEXT_OPERATION
            case ast.Subscript(value=ast.Attribute(attr="at" | "loc"), ctx=ast.Load()):
                # A missing label is a KeyError, whichever it is.
                return Tells.NUMBER | Tells.DATE | Tells.PRESENT
            case ast.Subscript(value=ast.Attribute(attr="iloc" | "iat")):
                return Tells.NUMBER | NUMERIC | Tells.PRESENT
        return ALL

    def interpolated(self, node: ast.expr, up: ast.BinOp) -> Tells:
        """`"%d" % value`: what the format's only conversion says."""
        template = _constant(up.right if up.left is node else up.left)
        if isinstance(template, str):
            kinds = re.findall(r"%[-+ #0-9.]*([a-zA-Z%])", template)
            if len(kinds) == 1 and kinds[0] in "diouxX":
                return Tells.NUMBER | NUMERIC
            if len(kinds) == 1 and kinds[0] in "eEfFgG":
                return NUMERIC
        return ALL

    def compared(self, node: ast.expr, up: ast.Compare) -> Tells:
        if len(up.ops) != 1:
            return ALL
        op = up.ops[0]
        other = up.comparators[0] if up.left is node else up.left
        constant = _constant(other)
        if isinstance(op, ast.Is | ast.IsNot):
            return ALL if isinstance(constant, bool) else Tells.MISSING
        if isinstance(op, ast.In | ast.NotIn):
            return self.contained(node, up, other)
        kept = Tells.NOTHING if self.only_tested(up) else Tells.NUMBER
        if isinstance(constant, str):
            return TEXT | kept | Tells.MISSING
        if _is_number(constant):
            return NUMERIC | kept | Tells.MISSING | _rounded(constant)
        if isinstance(constant, bool):
            return Tells.NOT_DATE | kept | Tells.MISSING
        # None < x is a TypeError, nan < x is not; x may be None itself.
        return ALL

    def only_tested(self, node: ast.expr) -> bool:
        """Whether nothing but the truth of a value is looked at.

        Comparing numpy's numbers gives `numpy.bool_`, which prints otherwise.
        """
        up = self.context.parent(node)
        match up:
            case ast.If() | ast.While() | ast.Assert() | ast.Expr():
                return True
            case ast.UnaryOp(op=ast.Not()):
                return True
            case ast.IfExp(test=test) if test is node:
                return True
            case ast.comprehension(ifs=conditions) if node in conditions:
                return True
            case ast.BoolOp() | ast.IfExp():
                return self.only_tested(up)
            case ast.Assign(targets=[ast.Name() as target]):
                bound = self.context.facts.scopes.bound_by[target]
                readers = self.context.uses(bound)
                # A reader that hands the value on to another name is not followed.
                return all(
                    not isinstance(self.context.parent(name), ast.Assign)
                    and self.only_tested(name)
                    for name in readers
                )
        return False

    def contained(self, node: ast.expr, up: ast.Compare, other: ast.expr) -> Tells:
        """`value in other` or `other in value`."""
        if up.left is not node:
            return TEXT_OPERATION
        if isinstance(other, ast.List | ast.Tuple | ast.Set):
            constants = [_constant(each) for each in other.elts]
            if constants and all(isinstance(each, str) for each in constants):
                return TEXT | Tells.MISSING
            if constants and all(_is_number(each) for each in constants):
                told = NUMERIC | Tells.MISSING
                for each in constants:
                    told |= _rounded(each)
                return told
        if isinstance(other, ast.Attribute) and other.attr in ("index", "columns"):
            # Labels are not missing.
            return Tells.NUMBER | Tells.DATE
        return ALL

    def formatted(self, up: ast.FormattedValue, spec: ast.expr | None) -> Tells:
        text = _spec_text(spec)
        if (
            up.conversion == -1
            and text
            and isinstance(text, str)
            and text[-1:] in "eEfFgG%"
        ):
            return NUMERIC
        if (
            up.conversion == -1
            and text
            and isinstance(text, str)
            and text[-1] in "dxXob"
        ):
            return Tells.NUMBER | NUMERIC
        return ALL

    def argument(self, node: ast.expr, call: ast.Call) -> Tells:
        name = self.context.qualified_name(call.func)
        if name in _MISSING_TESTS:
            return Tells.NOTHING
        if name in _TO_NUMBER and len(call.args) == 1:
            # float(None) is a TypeError, float(nan) is not; the number is the same
            # but for an int beside floats, which has been rounded.
            rounded = Tells.NUMBER if name == "int" else Tells.NOTHING
            return Tells.MISSING | Tells.DATE | rounded
        if name in _NUMPY_TESTS:
            return Tells.NOT_TEXT | Tells.DATE
        if name in _NUMBER_FUNCTIONS or (name or "").startswith("math."):
            return Tells.NUMBER | NUMERIC
        if name == "len":
            return TEXT_OPERATION
        if name == "isinstance" and call.args[0] is node:
            return self.tested(call.args[1])
        if name in _SUBJECT and call.args.index(node) == _SUBJECT[name]:
            return TEXT_OPERATION
        return ALL

    def tested(self, kinds: ast.expr) -> Tells:
        names = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
        plain = {self.context.qualified_name(each) for each in names}
        if plain <= {"str", "list", "dict", "tuple", "set", "bytes"}:
            return Tells.NOTHING
        return ALL

    def attribute(self, attr: str) -> Tells:
        numbers, dates = scalar_attributes()
        if attr in PURE_STR_METHODS:
            if attr in dates:
                return Tells.NOT_NUMBER | Tells.DATE | Tells.MISSING
            return TEXT_OPERATION
        if attr.startswith("__") or hasattr(str, attr):
            return ALL
        tells = ALL if attr in numbers else Tells.NOT_NUMBER
        if attr in dates:
            return tells | Tells.DATE | Tells.MISSING | Tells.NOT_TEXT
        if attr in numbers:
            # nan has it too, and proves nothing.
            return tells
        return tells | Tells.NOT_TEXT | Tells.NOT_DATE | Tells.PRESENT

    def _is_text(self, node: ast.expr) -> bool:
        kind = self.context.type_of(node)
        return kind is not None and kind.name == "str"


def _spec_text(spec: ast.expr | None) -> object:
    if isinstance(spec, ast.JoinedStr) and len(spec.values) == 1:
        return _constant(spec.values[0])
    return None


def _constant(node: ast.expr) -> object:
    """The value of a literal, a negative number too; None for anything else."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
            return value
    return None


def _rounded(constant: object) -> Tells:
    """What a comparison with a number tells that smaller floats cannot hold.

    `numpy.float32(0.1) == 0.1`, but the column's own value is 0.10000000149.
    """
    assert isinstance(constant, int | float)
    try:
        exact = struct.unpack("e", struct.pack("e", constant))[0] == constant
    except OverflowError:
        exact = False
    return Tells.NOTHING if exact else Tells.NUMBER


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
