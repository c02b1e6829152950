"""Values that may be None, of which `shlex.quote` made an empty argument."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.windows import before
from codemods.facts.types import NONE

if TYPE_CHECKING:
    from codemods.context import Context


def absent_caveats(node: ast.expr, context: Context) -> tuple[str, ...]:
    """What is said of a value that is quoted and, as far as is in view, may be None."""
    if not may_be_none(node, context) or is_tested(node, context):
        return ()
    shown = context.text(node)
    return (f"`{shown}` may be None, of which shlex.quote() made an empty argument",)


def may_be_none(node: ast.expr, context: Context) -> bool:
    """Whether None is in view among what a value may be."""
    kind = context.type_of(node)
    if kind is not None:
        return NONE in kind.members
    if not isinstance(node, ast.Name):
        return False
    return any(
        isinstance(each.value, ast.Constant) and each.value.value is None
        for each in context.definitions(node)
        if each.kind in ("param", "assign")
    )


def is_tested(node: ast.expr, context: Context) -> bool:
    """Whether a value is only reached where a test has shown that it is not None."""
    inner: ast.AST = node
    for up in context.ancestors(node):
        match up:
            case ast.If(test=test, body=body) | ast.While(test=test, body=body):
                if inner in body and shows(test, node, True):
                    return True
                if inner in up.orelse and shows(test, node, False):
                    return True
            case ast.IfExp(test=test):
                if inner is not test and shows(test, node, inner is up.body):
                    return True
            case ast.BoolOp(values=[*values]) if inner in values:
                held = isinstance(up.op, ast.And)
                earlier = values[: values.index(inner)]
                if any(shows(each, node, held) for each in earlier):
                    return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                return any(leaves(each, node) for each in before(inner, up))
        if any(leaves(each, node) for each in before(inner, up)):
            return True
        inner = up
    return False


def leaves(statement: ast.stmt, node: ast.expr) -> bool:
    """`if name is None: return`, `assert name`, or a choice that gives it a value."""
    match statement:
        case ast.Assert(test=test):
            return shows(test, node, True)
        case ast.If(test=test, body=[*_, last]) if shows(test, node, False):
            return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)
    return False


def shows(test: ast.expr, node: ast.expr, outcome: bool) -> bool:
    """Whether a value is not None where a test came out as `outcome`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return shows(inner, node, not outcome)
        case ast.BoolOp(op=op, values=values):
            if isinstance(op, ast.And) is outcome:
                return any(shows(each, node, outcome) for each in values)
            return all(shows(each, node, outcome) for each in values)
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=None)]):
            differs = isinstance(op, ast.IsNot | ast.NotEq)
            return differs is outcome and alike(left, node)
        case ast.Call(func=ast.Name(id="isinstance"), args=[first, _]):
            return outcome and alike(first, node)
    return outcome and alike(test, node)


def alike(one: ast.expr, other: ast.expr) -> bool:
    return ast.dump(one) == ast.dump(other)
