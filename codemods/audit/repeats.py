"""Which loop runs a piece of code again and again."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from codemods.catalog.unbounded_query.callers import calls_to
from codemods.context import Context
from codemods.facts.calls import Defined

Loop = ast.For | ast.AsyncFor | ast.While | ast.comprehension
COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
DEEPEST = 3  # functions on the way from a loop to what it repeats


def repeating(context: Context, node: ast.AST, depth: int = 0) -> Loop | None:
    """The loop that runs `node` once per round, if there is one.

    Around the node, or around calls of the function of this file that holds it. A loop
    that is left as soon as the node has run does not repeat it: so a retry is none.
    """
    around = next(loops(context, node), None)
    if around is not None or depth == DEEPEST:
        return around
    function = context.enclosing(node, ast.FunctionDef) or context.enclosing(
        node, ast.AsyncFunctionDef
    )
    if function is None:
        return None
    calls = [each for each in calls_to(context, function) if not within(each, function)]
    found = (repeating(context, call, depth + 1) for call in calls)
    return next((loop for loop in found if loop is not None), None)


def within(node: ast.AST, function: ast.AST) -> bool:
    return any(each is node for each in ast.walk(function))


def loops(context: Context, node: ast.AST) -> Iterator[Loop]:
    """The loops of its own function that repeat a node, innermost first."""
    inner, left = node, False
    for up in context.ancestors(node):
        if isinstance(up, Defined | ast.Lambda | ast.ClassDef):
            return
        if isinstance(inner, ast.stmt):
            kind = leaves(up, inner)
            if kind == "function":
                return
            left = left or kind == "loop"
        if isinstance(up, COMPREHENSIONS):
            yield from generators(up, inner)
        elif isinstance(up, ast.For | ast.AsyncFor | ast.While):
            if not left and repeats(up, inner):
                yield up
            left = False
        inner = up


def generators(up: COMPREHENSIONS, inner: ast.AST) -> Iterator[ast.comprehension]:
    """The loops of a comprehension that run a part of it for each round."""
    at = [i for i, each in enumerate(up.generators) if each is inner]
    yield from reversed(up.generators[: at[0]] if at else up.generators)


def repeats(loop: ast.For | ast.AsyncFor | ast.While, inner: ast.AST) -> bool:
    if isinstance(loop, ast.While) and inner is loop.test:
        return True
    return any(inner is each for each in loop.body)


def leaves(up: ast.AST, inner: ast.stmt) -> str | None:
    """What is left in any case after `inner` has run: the loop, the function, neither.

    Looked at is the block that holds it and, in a `try`, what runs after it.
    """
    for block in blocks(up):
        if any(each is inner for each in block):
            at = [each is inner for each in block].index(True)
            rest = list(block[at:])
            if isinstance(up, ast.Try) and block is up.body:
                rest += [*up.orelse, *up.finalbody]
            return first_exit(rest)
    return None


def blocks(up: ast.AST) -> Iterator[Sequence[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(up, name, None)
        if isinstance(block, list):
            yield block


def first_exit(block: Sequence[ast.stmt]) -> str | None:
    for each in block:
        match each:
            case ast.Return() | ast.Raise():
                return "function"
            case ast.Break():
                return "loop"
            case ast.Continue():
                return None
    return None


def told(context: Context, loop: Loop) -> str:
    """A loop as a person finds it: by its line and what it goes over."""
    if isinstance(loop, ast.While):
        return f"the `while` in line {context.line(loop)}"
    over = " ".join(context.text(loop.iter).split())
    shown = over if len(over) <= 50 else f"{over[:49]}…"
    return f"the loop over `{shown}` in line {context.line(loop.iter)}"
