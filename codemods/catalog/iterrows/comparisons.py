"""What a comparison with a value tells."""

from __future__ import annotations

import ast
import struct

from codemods.catalog.iterrows.literals import constant, elements, is_number, strings
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
    told = Tells.MISSING
    told |= Tells.NOTHING if only_tested(up, context) else Tells.NUMBER | Tells.DATE
    # `==` never raises: an empty column of a file is one of nan, and none is equal.
    raises = not isinstance(op, ast.Eq | ast.NotEq)
    if isinstance(held, str):
        return told | TEXT if raises else told
    if is_number(held):
        told |= _rounded(held)
    if isinstance(held, int | float):
        return told | NUMERIC if raises else told
    # None < x is a TypeError, nan < x is not; x may be None itself.
    return ALL


def equal(up: ast.Compare, context: Context) -> tuple[ast.AST, Tells] | None:
    """Where the code begins that runs only if a value is one of some, and what it is.

    The body of `if value == "x"`, or what follows `if value != "x": continue`.
    """
    if len(up.ops) != 1:
        return None
    proof = _all_of(up.comparators[0])
    since = _runs_if(up, context) if proof else None
    return (since, proof) if since is not None else None


def _all_of(other: ast.expr) -> Tells:
    """What is known of a value that equals one of some texts, or of some numbers."""
    if strings(other):
        return TEXT
    held = [constant(each) for each in elements(other)]
    return NUMERIC if held and all(map(is_number, held)) else Tells.NOTHING


def _runs_if(up: ast.Compare, context: Context) -> ast.AST | None:
    """The first code that runs only if an equality holds."""
    node: ast.AST = up
    around = context.parent(node)
    while isinstance(around, ast.BoolOp) and isinstance(around.op, ast.And):
        node, around = around, context.parent(around)
    match around, up.ops[0]:
        case ast.If(test=test, body=[first, *_]), ast.Eq() | ast.In():
            return first if test is node else None
        case ast.IfExp(test=test, body=body), ast.Eq() | ast.In():
            return body if test is node else None
        case ast.If(orelse=[]), ast.NotEq() | ast.NotIn() if node is up:
            leaves = isinstance(around.body[-1], ast.Continue | ast.Return | ast.Raise)
            return _next(around, context) if leaves else None
    return None


def _next(statement: ast.stmt, context: Context) -> ast.stmt | None:
    """The statement behind one in its block."""
    home = context.parent(statement)
    for block in (getattr(home, field, None) for field in ("body", "orelse")):
        if isinstance(block, list) and statement in block[:-1]:
            found = block[block.index(statement) + 1]
            return found if isinstance(found, ast.stmt) else None
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def only_tested(node: ast.expr, context: Context) -> bool:
    """Whether nothing but the truth of a value is looked at.

    Comparing numpy's numbers and dates gives `numpy.bool_`, which prints otherwise.
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
            return Tells.MISSING
        if held and numbers == held:
            told = Tells.MISSING
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
