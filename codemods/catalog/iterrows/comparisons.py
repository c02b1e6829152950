"""What a comparison with a value tells."""

from __future__ import annotations

import ast
import struct

from codemods.catalog.iterrows.literals import constant, is_number
from codemods.catalog.iterrows.tells import ALL, NUMERIC, TEXT, TEXT_OPERATION, Tells
from codemods.context import Context


def compared(node: ast.expr, up: ast.Compare, context: Context) -> Tells:
    if len(up.ops) != 1:
        return ALL
    op = up.ops[0]
    other = up.comparators[0] if up.left is node else up.left
    held = constant(other)
    if isinstance(op, ast.Is | ast.IsNot):
        return Tells.MISSING if _is_none(other) else ALL
    if isinstance(op, ast.In | ast.NotIn):
        return contained(node, up, other)
    kept = Tells.NOTHING if only_tested(up, context) else Tells.NUMBER
    if isinstance(held, str):
        return TEXT | kept | Tells.MISSING
    if is_number(held):
        return NUMERIC | kept | Tells.MISSING | _rounded(held)
    if isinstance(held, bool):
        return Tells.NOT_DATE | kept | Tells.MISSING
    # None < x is a TypeError, nan < x is not; x may be None itself.
    return ALL


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def only_tested(node: ast.expr, context: Context) -> bool:
    """Whether nothing but the truth of a value is looked at.

    Comparing numpy's numbers gives `numpy.bool_`, which prints otherwise.
    """
    up = context.parent(node)
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
            return only_tested(up, context)
        case ast.Assign(targets=[ast.Name() as target]):
            bound = context.facts.scopes.bound_by[target]
            readers = context.uses(bound)
            # A reader that hands the value on to another name is not followed.
            return all(
                not isinstance(context.parent(name), ast.Assign)
                and only_tested(name, context)
                for name in readers
            )
    return False


def contained(node: ast.expr, up: ast.Compare, other: ast.expr) -> Tells:
    """`value in other` or `other in value`."""
    if up.left is not node:
        return TEXT_OPERATION
    if isinstance(other, ast.List | ast.Tuple | ast.Set):
        held = [constant(each) for each in other.elts]
        numbers = [each for each in held if is_number(each)]
        if held and all(isinstance(each, str) for each in held):
            return TEXT | Tells.MISSING
        if held and numbers == held:
            told = NUMERIC | Tells.MISSING
            for number in numbers:
                told |= _rounded(number)
            return told
    if isinstance(other, ast.Attribute) and other.attr in ("index", "columns"):
        # Labels are not missing.
        return Tells.NUMBER | Tells.DATE
    return ALL


def _rounded(number: int | float) -> Tells:
    """What a comparison with a number tells that smaller floats cannot hold.

    `numpy.float32(0.1) == 0.1`, but the column's own value is 0.10000000149.
    """
    try:
        exact = struct.unpack("e", struct.pack("e", number))[0] == number
    except OverflowError:
        exact = False
    return Tells.NOTHING if exact else Tells.NUMBER
