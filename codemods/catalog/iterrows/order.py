"""What runs before what in a round of the loop."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.rounds import always_evaluates, begins, unconditional
from codemods.context import Context

# What lets other code see a value before the whole expression has been evaluated.
_SHOWS = ast.Call | ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await


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
            if not begins(up, node, context):
                return False
            node = whole or up
            continue
        if up is loop.holder or not always_evaluates(up, node):
            return False
        node = up
    return False


def is_caught(node: ast.AST, loop: Loop, context: Context) -> bool:
    """Whether a round may go on, by a handler or a `with`, after `node` has raised."""
    for up in context.ancestors(node):
        if up is loop.holder:
            return False
        if _catches(up, node):
            return True
        node = up
    # In a function that the loop calls.
    inside = (each for part in loop.body for each in ast.walk(part))
    return any(_catches(each) for each in inside)


def _catches(node: ast.AST, part: ast.AST | None = None) -> bool:
    match node:
        case ast.With() | ast.AsyncWith():
            return True
        case ast.Try(body=body, handlers=[_, *_]):
            return part is None or part in body
        case ast.TryStar(body=body):
            return part is None or part in body
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

    `around` are the use and what holds it. Without a call, or the like, on the way
    from it to `up`, nothing is seen of it until `up` has all its parts.
    """
    way = around[: around.index(up)] if up in around else []
    shown = any(isinstance(each, _SHOWS) for each in way[1:])
    match up:
        case ast.Assign(value=value):
            first = proof is value
        case _:
            first = bool(way) and context.span(proof) < context.span(way[-1])
    return always_evaluates(up, proof) and (first or not shown)


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
