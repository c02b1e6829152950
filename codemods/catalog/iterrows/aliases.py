"""Under which names the code of a loop can reach the frame that it runs over."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.iterrows.loop import Loop
from codemods.context import Context
from codemods.facts.calls import Defined

_CONTAINERS = ast.List | ast.Tuple | ast.Set | ast.Dict


def shared(frame: ast.expr) -> ast.expr | None:
    """What an expression shares its values with: itself, or what it is a view of.

    None for a new frame. `head` and slices are views in pandas 2.
    """
    match frame:
        case ast.Call(func=ast.Attribute(value=inner, attr="head" | "tail")):
            return shared(inner)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="loc" | "iloc")):
            return shared(inner) if _is_part(frame.slice) else None
        case ast.Subscript(value=inner, slice=ast.Slice()):
            return shared(inner)
        case ast.NamedExpr(value=value):
            return shared(value)
        case ast.Subscript(slice=ast.Constant()) | ast.Name():
            return frame
        case ast.Attribute(value=inner, attr=attr):
            return shared(inner) if attr in ("T", "values") else frame
    return None


def _is_part(key: ast.expr) -> bool:
    first = key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key
    return isinstance(first, ast.Slice)


def names(loop: Loop, context: Context) -> frozenset[str]:
    """The spellings of the frame in the function around the loop; empty if it is new.

    Whatever is assigned from one of them, anywhere in the function, is another.
    """
    frame = shared(loop.frame)
    if frame is None:
        return frozenset()
    pairs = list(_pairs(context.scope(loop.call).frame.node, context))
    found = {context.text(frame)}
    while more := {
        each
        for pair in pairs
        for each in pair
        if not found.isdisjoint(pair) and each not in found
    }:
        found |= more
    return frozenset(found)


def _pairs(function: ast.AST, context: Context) -> Iterator[tuple[str, str]]:
    """What a function assigns from what, where both are then the same object."""
    for each in ast.walk(function):
        if isinstance(each, ast.Assign | ast.AnnAssign | ast.NamedExpr) and each.value:
            value = shared(each.value)
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            for target in targets:
                if value is not None and not isinstance(target, _CONTAINERS):
                    yield context.text(target), context.text(value)


def contained(loop: Loop, held: frozenset[str], context: Context) -> bool:
    """Whether the frame is put into a tuple, list or dict that code goes on to use."""
    for each in ast.walk(context.scope(loop.call).frame.node):
        match each:
            case ast.Assign(value=value) | ast.For(iter=value):
                if isinstance(value, _CONTAINERS) and any(
                    context.text(part) in held
                    for part in ast.iter_child_nodes(value)
                    if isinstance(part, ast.expr)
                ):
                    return True
    return False


def in_function(
    call: ast.Call, function: Defined, held: frozenset[str], context: Context
) -> frozenset[str]:
    """The spellings of the frame in a function of the file that the loop calls."""
    inner = context.facts.scopes.of_node[function]
    given = [*function.args.posonlyargs, *function.args.args]
    match call.func:
        case ast.Attribute(value=ast.Name(id=receiver)) if given:
            own = given[0].arg
            start = f"{receiver}."
            return frozenset(
                own + text[len(receiver) :] for text in held if text.startswith(start)
            )
    outer = context.scope(call)
    return frozenset(
        text
        for text in held
        if inner.owner(root(text)) is outer.owner(root(text)) is not None
    )


def root(text: str) -> str:
    return text.partition(".")[0].partition("[")[0]
