"""Who writes into the frame of a loop while it runs: its body, functions it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from codemods.catalog.iterrows.aliases import contained, in_function, names
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.writes import Writes, stored
from codemods.context import Context
from codemods.facts.calls import Defined

# Methods of a frame that write into it without `inplace=True`.
_WRITERS = {
    "update", "isetitem", "__setitem__", "at", "iat", "loc", "iloc", "pipe",
}  # fmt: skip
_LOOKS = {"len", "print", "id", "type", "isinstance", "list", "str", "repr"}


def writes(loop: Loop, context: Context) -> Writes:
    """Everything that the body, and functions of the file it calls, do to the frame."""
    held = names(loop, context)
    if not held:
        # A new frame: what is written into the one it was taken from stays there.
        return Writes()
    inside = [each for part in loop.body for each in ast.walk(part)]
    waits = any(
        isinstance(each, ast.Yield | ast.YieldFrom | ast.Await) for each in inside
    )
    stores = any(
        isinstance(each, ast.Subscript | ast.Attribute)
        and not isinstance(each.ctx, ast.Load)
        for each in inside
    )
    found = Writes(open=waits or (stores and contained(loop, held, context)))
    return found | _within(loop.body, held, context, frozenset())


def _within(
    code: Sequence[ast.AST],
    held: frozenset[str],
    context: Context,
    seen: frozenset[Defined],
) -> Writes:
    """What some code does to what it reaches by the spellings `held`."""
    found = Writes()
    for part in code:
        for each in ast.walk(part):
            if isinstance(each, ast.Name):
                found |= _through(each, held, context)
            elif isinstance(each, ast.Call):
                found |= _called(each, held, context, seen)
    return found


def _called(
    call: ast.Call,
    held: frozenset[str],
    context: Context,
    seen: frozenset[Defined],
) -> Writes:
    function = context.function_called(call)
    if function is not None:
        inside = in_function(call, function, held, context)
        if not inside or function in seen:
            return Writes()
        return _within(function.body, inside, context, seen | {function})
    if isinstance(call.func, ast.Attribute):
        # A method that is not in view, of the object that has the frame.
        owner = context.text(call.func.value)
        return Writes(open=any(text.startswith(f"{owner}.") for text in held))
    return Writes()


def _through(name: ast.Name, held: frozenset[str], context: Context) -> Writes:
    """What one mention of the frame, or of its owner, may write."""
    steps = list(_steps(name, context))
    last = steps[-1]
    up = context.parent(last)
    spelled = [at for at, each in enumerate(steps) if context.text(each) in held]
    if not spelled:
        # `helper(self)` for a loop over `self.df`
        owned = last is name and any(text.startswith(f"{name.id}.") for text in held)
        return Writes(open=owned and isinstance(up, ast.Call | ast.keyword))
    steps = steps[spelled[-1] :]
    if isinstance(last, ast.Attribute | ast.Subscript) and not isinstance(
        last.ctx, ast.Load
    ):
        return stored(steps)
    match up:
        case ast.Call(func=func, keywords=keywords) if func is last:
            in_place = any(each.arg in ("inplace", None) for each in keywords)
            writer = isinstance(last, ast.Attribute) and last.attr in _WRITERS
            return Writes(unknown=writer or in_place)
        case ast.Call(func=func) if context.qualified_name(func) in _LOOKS:
            return Writes()
        case ast.Call() | ast.keyword() | ast.Starred():
            return Writes(open=last is steps[0])
    return Writes()


def _steps(name: ast.Name, context: Context) -> Iterator[ast.expr]:
    """`df`, `df.loc`, `df.loc[...]`: the chain that a name begins."""
    node: ast.expr = name
    yield node
    while True:
        up = context.parent(node)
        if isinstance(up, ast.Attribute | ast.Subscript) and up.value is node:
            yield up
            node = up
        else:
            return
