"""What a name in a command holds, and whether that may be written at the call."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.absent import absent_caveats
from codemods.catalog.shell_true.literals import alternatives
from codemods.catalog.shell_true.moving import can_move, read_again, repeats
from codemods.catalog.shell_true.values import (
    MARKS,
    PLAIN,
    Kind,
    Parts,
    Unreadable,
    Value,
    raw,
)

if TYPE_CHECKING:
    from codemods.context import Context

QUOTES = ("shlex.quote", "pipes.quote")
Reader = Callable[[ast.expr, "Context", ast.stmt], Parts]


def named(name: ast.Name, context: Context, at: ast.stmt, parts: Reader) -> Parts:
    """The parts that a name stands for: itself, or what it holds."""
    number = raw(name, context)
    if number.kind == "plain":
        return (number,)
    value = context.value_of(name)
    if value is None:
        these = one_of_these(name, context, at, parts)
        return (these or one_of_several(name, context, at, parts),)
    if mentions(value, name.id):
        return (grown(name, value, context),)
    held = parts(value, context, at)
    match held:
        case [Value("quoted", caveats=caveats)] if not can_move(value, context, at):
            return (Value("quoted", name, name.id, name.id, caveats, unquoted=value),)
        case [*_] if all(map(is_one_piece, held)):
            return (itself(name, [held], context),)
    if not can_move(value, context, at):
        raise Unreadable(f"`{name.id}` holds several words, and is made elsewhere")
    if len(context.uses(context.definitions(name)[0])) > 1 or repeats(
        value, at, context
    ):
        return tuple(read_again(part, context) for part in held)
    return held


def mentions(value: ast.expr, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name for each in ast.walk(value)
    )


def grown(name: ast.Name, value: ast.expr, context: Context) -> Value:
    """`x = f(x)`: not followed further. Raises Unreadable where it adds words."""
    match value:
        case ast.Call(func=func, args=[inner]) if (
            context.qualified_name(func) in QUOTES
        ):
            absent = absent_caveats(inner, context)
            return Value("quoted", name, name.id, name.id, absent, unquoted=value)
    for each in ast.walk(value):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            if not PLAIN.fullmatch(each.value):
                raise Unreadable(f"`{name.id}` is made of itself and other text")
    return raw(name, context)


def itself(name: ast.expr, held: list[Parts], context: Context) -> Value:
    """A value that is written as it is, whichever of several texts it holds.

    Raises Unreadable where one of them is quoted, or made of words.
    """
    known = raw(name, context)
    everything = [part for each in held for part in each]
    if not all(map(is_text_of_its_own, everything)):
        raise Unreadable(f"`{context.text(name)}` is not always one word")
    several = not all(held) or not all(map(is_one_piece, everything))
    kind: Kind = "raw" if several or any(map(is_raw, everything)) else "plain"
    made = " ".join(p.field for p in everything if isinstance(p, Value))
    return replace(known, kind=kind, made=made, several=several)


def is_text_of_its_own(part: str | Value) -> bool:
    """Whether a part is the same text inside quotes and outside them."""
    if isinstance(part, str):
        return not set(part) & set(MARKS)
    return part.kind in ("raw", "plain")


def is_one_piece(part: str | Value) -> bool:
    """Whether a part cannot split the word it is in."""
    if isinstance(part, str):
        return bool(PLAIN.fullmatch(part))
    return part.kind in ("raw", "plain") and not part.several


def is_raw(part: str | Value) -> bool:
    return isinstance(part, Value) and part.kind == "raw"


def one_of_these(
    node: ast.expr, context: Context, at: ast.stmt, parts: Reader
) -> Value | None:
    """A value that is among a few which are in view. Raises Unreadable for several.

    None where these are not in view.
    """
    given = alternatives(node, context)
    if not given:
        return None
    return itself(node, [parts(each, context, at) for each in given], context)


def one_of_several(
    name: ast.Name, context: Context, at: ast.stmt, parts: Reader
) -> Value:
    """A name with several possible values. Raises Unreadable for several words."""
    found: list[Parts] = []
    unseen = False
    for each in context.definitions(name):
        if each.kind == "augment":
            raise Unreadable(f"`{name.id}` grows by `+=`")
        if each.value is None or each.kind not in ("assign", "walrus", "param"):
            unseen = True
        elif mentions(each.value, name.id):
            found.append((grown(name, each.value, context),))
        else:
            found.append(parts(each.value, context, at))
        unseen = unseen or each.kind == "param"
    if unseen or not found:
        found.append((raw(name, context),))
    return itself(name, found, context)
