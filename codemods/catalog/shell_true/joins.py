"""`join`: items that become words, or texts put together."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.items import QUOTES, changes, is_quoting, origins
from codemods.catalog.shell_true.moving import can_move
from codemods.catalog.shell_true.values import (
    Kind,
    Parts,
    Unreadable,
    Value,
    is_number,
    raw,
    source,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codemods.catalog.shell_true.flow import Reader
    from codemods.context import Context


WORDS = ("quoted", "plain", "raw")


def joined(
    separator: str,
    call: ast.Call,
    given: ast.expr,
    context: Context,
    at: ast.stmt,
    parts: Reader,
) -> Parts:
    """The parts of `separator.join(given)`. Raises Unreadable."""
    if isinstance(given, ast.List | ast.Tuple):
        return listed(separator, given.elts, context, at, parts)
    if separator.strip() or not separator:
        return (raw(call, context, known=True),)
    match given:
        case ast.GeneratorExp() | ast.ListComp():
            return (built(given, context, at, parts),)
        case ast.Call(args=[function, items]) if context.is_builtin(given.func, "map"):
            name = context.qualified_name(function)
            if name in QUOTES:
                return (spread(items, "quoted items", context),)
            if name == "str":
                kind = context.type_of(items)
                number = kind is not None and is_number(kind.element)
                return (spread(given, "quoted items" if number else "items", context),)
        case ast.Name():
            return held_items(separator, call, given, context, at, parts)
    return (spread(given, "items", context),)


def held_items(
    separator: str,
    call: ast.Call,
    name: ast.Name,
    context: Context,
    at: ast.stmt,
    parts: Reader,
) -> Parts:
    """The items of a list in a variable, where they are in view, else as they come."""
    value = context.value_of(name)
    made = (ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp, ast.Call)
    in_view = isinstance(value, made) and not changes(name, context)
    if value is not None and in_view and can_move(value, context, at):
        if not isinstance(value, ast.Call) or context.is_builtin(value.func, "map"):
            return joined(separator, call, value, context, at, parts)
    for each in origins(name, context):
        if any(is_quoting(node, context) for node in ast.walk(each)):
            raise Unreadable(f"the items of `{name.id}` are quoted, or several words")
    return (spread(name, "items", context),)


def listed(
    separator: str,
    elements: Sequence[ast.expr],
    context: Context,
    at: ast.stmt,
    parts: Reader,
) -> Parts:
    """The items of a list that is written out, with what stands between them."""
    found: list[str | Value] = []
    for index, element in enumerate(elements):
        if index:
            found.append(separator)
        if isinstance(element, ast.Starred):
            if separator.strip() or not separator:
                raise Unreadable(
                    f"`{context.text(element)}` is joined by `{separator}`"
                )
            found.append(spread(element.value, "items", context))
        else:
            found.extend(parts(element, context, at))
    return tuple(found)


def built(
    node: ast.GeneratorExp | ast.ListComp, context: Context, at: ast.stmt, parts: Reader
) -> Value:
    """A comprehension whose items become words: the same one, without the quoting."""
    made = parts(node.elt, context, at)
    match made:
        case [Value(kind, element=element, caveats=caveats)] if kind in WORDS:
            pass
        case _:
            raise Unreadable(
                f"each item of `{context.text(node)}` is more than a value"
            )
    shown = context.text(node)
    spread_kind: Kind = "items" if kind == "raw" else "quoted items"
    match node.generators:
        case [ast.comprehension(target=ast.Name(id=name), ifs=[])]:
            if element == name and not node.generators[0].is_async:
                items = source(node.generators[0].iter, context)
                return Value(spread_kind, node, f"*{items}", shown, caveats)
    start = context.span(node)[0]
    low, high = (place - start for place in context.span(node.elt))
    text = context.text(node).encode()
    inner = (text[:low] + element.encode() + text[high:]).decode()
    if "\n" in inner:
        raise Unreadable(f"`{context.text(node.elt)}` is joined over several lines")
    inner = inner[1:-1] if inner[0] in "([" else inner
    return Value(spread_kind, node, f"*({inner})", shown, caveats)


def spread(items: ast.expr, kind: Kind, context: Context) -> Value:
    """All items of an iterable, each one word."""
    text = source(items, context)
    if isinstance(items, ast.IfExp | ast.BoolOp | ast.Compare | ast.BinOp):
        text = f"({text})"
    return Value(kind, items, f"*{text}", text)
