"""What every round of the loop evaluates, or every run of one expression."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.loop import Loop
from codemods.context import Context


def unconditional(node: ast.AST, loop: Loop, context: Context) -> bool:
    """Whether every round of the loop evaluates `node`, if nothing is raised."""
    while (up := context.parent(node)) is not None:
        if up is loop.holder and isinstance(up, ast.For):
            return _no_way_out_before(node, up)
        if isinstance(loop.holder, ast.comprehension):
            if context.parent(loop.holder) is up and (
                node is loop.body[0]
                or (isinstance(up, ast.DictComp) and loop.body == (up.key, up.value))
            ):
                return True
            if up is loop.holder and node is loop.body[0]:
                return True
        if isinstance(up, ast.comprehension) and begins(up, node, context):
            node = context.parent(up) or up
            continue
        if not always_evaluates(up, node):
            return False
        node = up
    return False


def begins(clause: ast.comprehension, node: ast.AST, context: Context) -> bool:
    """Whether `node` is what a comprehension evaluates first, and always."""
    whole = context.parent(clause)
    generators: list[ast.comprehension] = getattr(whole, "generators", [])
    return node is clause.iter and generators[0] is clause


def _no_way_out_before(statement: ast.AST, loop: ast.For) -> bool:
    """No earlier statement of the body may end the round."""
    for earlier in loop.body:
        if earlier is statement:
            return True
        if _may_leave(earlier):
            return False
    return False


def _may_leave(statement: ast.AST) -> bool:
    ways = ast.Continue | ast.Break | ast.Return | ast.Raise
    waits = ast.Yield | ast.YieldFrom | ast.Await
    return any(isinstance(part, ways | waits) for part in ast.walk(statement))


def always_evaluates(up: ast.AST, node: ast.AST) -> bool:
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
