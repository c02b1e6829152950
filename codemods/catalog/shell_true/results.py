"""What becomes of a call's result."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.context import Context


@dataclass(frozen=True, slots=True)
class Result:
    """How a result is used.

    `discarded`: not at all. `attributes`: what is read of it. `compared`: only whether
    it is zero matters. `escapes`: it goes where it is not followed.
    """

    discarded: bool = False
    attributes: frozenset[str] = frozenset()
    compared: bool = False
    escapes: bool = False


def result_of(node: ast.expr, context: Context) -> Result:
    """The use of an expression's value."""
    up = context.parent(node)
    match up:
        case ast.Expr():
            return Result(discarded=True)
        case ast.Attribute(attr=attr):
            return Result(attributes=frozenset([attr]))
        case ast.Await():
            return result_of(up, context)
        case (
            ast.Assign(targets=[ast.Name() as name])
            | ast.AnnAssign(target=ast.Name() as name)
        ):
            return joined(uses_of(name, context), context)
        case ast.NamedExpr(target=ast.Name() as name):
            later = joined(uses_of(name, context), context)
            return either(result_of(up, context), later)
        case ast.withitem(optional_vars=ast.Name() as name):
            return joined(uses_of(name, context), context)
        case _ if is_zero_test(node, up):
            return Result(compared=True)
    return Result(escapes=True)


def either(one: Result, other: Result) -> Result:
    """A result that is used in two ways."""
    unused = one.discarded and other.discarded
    zero = all(each.compared or each.discarded for each in (one, other))
    return Result(
        discarded=unused,
        attributes=one.attributes | other.attributes,
        compared=zero and not unused,
        escapes=one.escapes or other.escapes,
    )


def uses_of(name: ast.Name, context: Context) -> list[ast.Name]:
    bound = context.facts.scopes.bound_by.get(name)
    return context.uses(bound) if bound is not None else []


def joined(uses: list[ast.Name], context: Context) -> Result:
    """One result for all uses of a name; shared names escape."""
    attributes: set[str] = set()
    escapes = False
    compared = True
    for name in uses:
        match context.parent(name):
            case ast.Attribute(attr=attr):
                attributes.add(attr)
                compared = False
            case up if is_zero_test(name, up):
                pass
            case _:
                escapes = True
    return Result(
        discarded=not uses,
        attributes=frozenset(attributes),
        compared=compared and bool(uses) and not escapes,
        escapes=escapes,
    )


def is_zero_test(node: ast.expr, up: ast.AST | None) -> bool:
    """`x == 0`, `x != 0`, `not x`, `if x`: whether it is zero, and nothing else."""
    match up:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            zero = right if left is node else left
            return isinstance(zero, ast.Constant) and zero.value == 0
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.Assert(test=test):
            return test is node
    return False
