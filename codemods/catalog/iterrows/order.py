"""What runs before what in a round of the loop."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.loop import Loop
from codemods.context import Context


def goes_with(proof: ast.AST, use: ast.AST, loop: Loop, context: Context) -> bool:
    """Whether a round that evaluates `use` evaluates `proof` before it."""
    around = [use, *context.ancestors(use)]
    within = context.parent(loop.holder) if loop.in_comprehension else loop.holder
    if within not in around:
        # After the loop every round's proof has run; in another function, who knows.
        same = context.scope(use).frame is context.scope(proof).frame
        ran = same and not _cut_short(loop, around, context)
        return ran and unconditional(proof, loop, context)
    node: ast.AST = proof
    while (up := context.parent(node)) is not None:
        if up in around:
            other = around[around.index(up) - 1] if up is not use else use
            before = _evaluated_before(up, node, around, context)
            return _with_sibling(up, node, other) or before
        if isinstance(up, ast.comprehension):
            whole = context.parent(up)
            if whole in around:
                return _with_sibling(whole, up, around[around.index(whole) - 1])
            if not _begins(up, node, context):
                return False
            node = whole or up
            continue
        if up is loop.holder or not _always_evaluates(up, node):
            return False
        node = up
    return False


def _cut_short(loop: Loop, around: list[ast.AST], context: Context) -> bool:
    """Whether code behind the loop runs though a round of it has raised."""
    inside: ast.AST = loop.statement
    for up in context.ancestors(loop.statement):
        if up in around:
            tried = up.body if isinstance(up, ast.Try | ast.TryStar) else []
            return inside in tried and around[around.index(up) - 1] not in tried
        if isinstance(up, ast.Try | ast.TryStar | ast.With | ast.AsyncWith):
            return True
        inside = up
    return False


def _evaluated_before(
    up: ast.AST, proof: ast.AST, around: list[ast.AST], context: Context
) -> bool:
    """Whether `up` always evaluates its part `proof` before a use can show.

    `around` are the use and what holds it. Without a call on the way from it to `up`,
    nothing is seen of it until `up` has all its parts.
    """
    way = around[: around.index(up)] if up in around else []
    shown = any(isinstance(each, ast.Call | ast.NamedExpr) for each in way[1:])
    match up:
        case ast.Assign(value=value):
            first = proof is value
        case _:
            first = bool(way) and context.span(proof) < context.span(way[-1])
    return _always_evaluates(up, proof) and (first or not shown)


def _with_sibling(up: ast.AST, proof: ast.AST, use: ast.AST) -> bool:
    """Of two parts of `up`, whether the first runs whenever the second does."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(up, field, None)
        if isinstance(block, list) and proof in block and use in block:
            return block.index(proof) <= block.index(use)
    match up:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return proof is test
        case ast.BoolOp(values=values):
            order: list[ast.AST] = list(values)
            return use in order and order.index(proof) <= order.index(use)
        case ast.For():
            return proof is up.iter
        case ast.comprehension(ifs=conditions):
            if proof in conditions and use in conditions:
                return conditions.index(proof) <= conditions.index(use)
            return proof is up.iter
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            if isinstance(up, ast.DictComp) and (proof, use) == (up.key, up.value):
                return True
            return _generated_before(up.generators, proof, use)
    return proof is use


def _generated_before(
    generators: list[ast.comprehension], proof: ast.AST, use: ast.AST
) -> bool:
    """Of two parts of a comprehension: its clauses come before what it makes."""
    order: list[ast.AST] = list(generators)
    if proof in order:
        return use not in order or order.index(proof) < order.index(use)
    return proof is use


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
        if isinstance(up, ast.comprehension) and _begins(up, node, context):
            node = context.parent(up) or up
            continue
        if not _always_evaluates(up, node):
            return False
        node = up
    return False


def _begins(clause: ast.comprehension, node: ast.AST, context: Context) -> bool:
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
