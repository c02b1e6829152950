"""`%`, `.format` and the pieces of f-strings."""

from __future__ import annotations

import ast
import string
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import percent
from codemods.catalog.shell_true.values import (
    Parts,
    Unreadable,
    Value,
    formatted,
    represented,
)

if TYPE_CHECKING:
    from codemods.catalog.shell_true.flow import Reader
    from codemods.context import Context


def field(node: ast.expr, context: Context, at: ast.stmt, parts: Reader) -> Parts:
    """A piece of an f-string."""
    match node:
        case ast.Constant(value=str() as text):
            return (text,)
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
            return converted(
                value, chr(max(conversion, 0)), specified(spec), context, at, parts
            )
    raise Unreadable(f"`{context.text(node)}` is not understood")


def specified(spec: ast.expr | None) -> str:
    match spec:
        case None:
            return ""
        case ast.JoinedStr(values=[ast.Constant(value=str() as text)]):
            return text
        case ast.JoinedStr(values=[]):
            return ""
    return "{}"


def converted(
    node: ast.expr,
    conversion: str,
    spec: str,
    context: Context,
    at: ast.stmt,
    parts: Reader,
) -> Parts:
    if conversion == "a" or (conversion == "r" and spec):
        raise Unreadable(f"`{context.text(node)}` is quoted by ascii(), or padded")
    if conversion == "r":
        return (represented(node, context),)
    if spec:
        return (formatted(node, spec, context),)
    return parts(node, context, at)


def substituted(
    text: str, right: ast.expr, context: Context, at: ast.stmt, parts: Reader
) -> Parts:
    """A command made by `%`."""
    found: list[str | Value] = []
    for each in percent.directives(text, right, context, at):
        match each:
            case str():
                found.append(each)
            case percent.Directive(node, "s", "") if node is right:
                found.extend(percent.lone(parts(node, context, at), node, context))
            case percent.Directive(node, "s", ""):
                found.extend(parts(node, context, at))
            case percent.Directive(node, "r", _):
                found.append(represented(node, context))
            case percent.Directive(node, "d", spec):
                found.append(percent.whole(node, spec, context))
            case percent.Directive(
                node, "e" | "E" | "f" | "F" | "g" | "G" as kind, spec
            ):
                found.append(percent.fraction(node, spec + kind, context))
            case percent.Directive(node, kind, spec):
                found.append(formatted(node, spec + kind, context))
    return tuple(found)


def filled(
    text: str, call: ast.Call, context: Context, at: ast.stmt, parts: Reader
) -> Parts:
    """A command made by `.format`."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    ):
        raise Unreadable("the values of .format() are not in view")
    named = {each.arg: each.value for each in call.keywords}
    given: list[ast.expr] = [*call.args, *named.values()]
    found: list[str | Value] = []
    used: list[ast.expr] = []
    count = 0
    for written, key, spec, conversion in string.Formatter().parse(text):
        found.append(written)
        if key is None:
            continue
        index = count if key == "" else int(key) if key.isdecimal() else None
        count += key == ""
        node = (
            named.get(key) if index is None else dict(enumerate(call.args)).get(index)
        )
        if node is None:
            raise Unreadable(f"`{{{key}}}` of .format() is not in view")
        used.append(node)
        found.extend(converted(node, conversion or "", spec or "", context, at, parts))
    if used != given and not all(context.is_pure(each) for each in given):
        raise Unreadable("the values of .format() would be evaluated in another order")
    return tuple(found)
