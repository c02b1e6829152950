"""Handlers that catch everything and leave no trace of it, against all handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from codemods.audit.measures import Measure, Spot, holds
from codemods.audit.nodes import statements
from codemods.context import Context

BROAD = ("Exception", "BaseException")
BARE, NAMED = 2, 1  # the ranks, worst first
Handler = ast.ExceptHandler | ast.Call


def find(context: Context) -> Iterator[Spot]:
    for node in handlers(context):
        match node:
            case ast.ExceptHandler(type=None) if is_silent(node.body):
                yield Spot(node, "a bare `except:` that says nothing", BARE)
            case ast.ExceptHandler(type=ast.expr() as caught) if is_silent(node.body):
                if not is_broad(context, caught):
                    continue
                text = " ".join(context.text(caught).split())
                yield Spot(node, f"`except {text}:` that says nothing", NAMED)
            case ast.Call(args=args) if any(is_broad(context, each) for each in args):
                yield Spot(node, f"`{context.text(node)}` says nothing", NAMED)


def total(context: Context) -> int:
    return sum(1 for _ in handlers(context))


def handlers(context: Context) -> Iterator[Handler]:
    """Every `except`, and every `contextlib.suppress(...)`."""
    suppresses = b"suppress" in context.facts.tree.code
    for node in statements(context):
        match node:
            case ast.ExceptHandler():
                yield node
            case ast.With(items=items) | ast.AsyncWith(items=items) if suppresses:
                for entered in [item.context_expr for item in items]:
                    if is_suppress(entered, context):
                        yield entered


def is_suppress(node: ast.expr, context: Context) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call):
        return False
    return context.qualified_name(node.func) == "contextlib.suppress"


def is_silent(body: list[ast.stmt]) -> bool:
    return all(map(says_nothing, body))


def says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement neither raises, tells nor asks anything.

    It passes, goes on, or gives a constant: as a result or to a name.
    """
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=value):
            return value is None or is_constant(value)
        case ast.Assign(targets=targets, value=value):
            plain = all(isinstance(each, ast.Name | ast.Attribute) for each in targets)
            return plain and is_constant(value)
    return False


def is_constant(node: ast.expr) -> bool:
    """A literal, a display of them, a number with a sign."""
    match node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            return all(map(is_constant, elts))
        case ast.Dict(keys=keys, values=values):
            parts = [key for key in keys if key is not None]
            return len(parts) == len(keys) and all(map(is_constant, [*parts, *values]))
    return False


def is_broad(context: Context, node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return any(is_broad(context, each) for each in node.elts)
    return any(context.is_builtin(node, name) for name in BROAD)


MEASURE = Measure(
    name="silent-handlers",
    title="Handlers that catch everything and say nothing",
    advice="name the errors, and log",
    wants=holds(b"except", b"suppress"),
    search=r"\bexcept\b",
    find=find,
    total=total,
)
