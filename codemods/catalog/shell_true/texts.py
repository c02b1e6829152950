"""Calls that make text in a way that is known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import flow, joins
from codemods.catalog.shell_true.absent import absent_caveats
from codemods.catalog.shell_true.formats import filled
from codemods.catalog.shell_true.values import (
    Parts,
    Unreadable,
    Value,
    raw,
    represented,
    source,
)

if TYPE_CHECKING:
    from codemods.catalog.shell_true.flow import Reader
    from codemods.context import Context

MARKS = "'\"\\ $"
STRIPS = {"strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip}


def constant(node: ast.expr, context: Context) -> str | None:
    """The text of an expression, where it is one constant."""
    if isinstance(node, ast.Name):
        value = context.value_of(node)
        return constant(value, context) if isinstance(value, ast.Constant) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def called(node: ast.Call, context: Context, at: ast.stmt, parts: Reader) -> Parts:
    """A call that makes text in a way that is known, or any other."""
    if (folded := replaced(node, context)) is not None:
        return (folded,)
    check_escaping(node, context)
    if (found := wrapped(node, context)) is not None:
        return (found,)
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr="format")):
            text = constant(base, context)
            if text is not None:
                return filled(text, node, context, at, parts)
        case ast.Call(func=ast.Attribute(value=base, attr="join"), args=[given]):
            text = constant(base, context)
            if text is not None:
                return joins.joined(text, node, given, context, at, parts)
        case ast.Call(func=ast.Attribute(value=base, attr=attr), args=[]):
            inner = parts(base, context, at) if attr in STRIPS else ()
            if inner and all(isinstance(part, str) for part in inner):
                return (STRIPS[attr]("".join(map(str, inner))),)
    these = flow.one_of_these(node, context, at, parts)
    return (these or raw(node, context),)


def replaced(node: ast.Call, context: Context) -> str | None:
    """`"a".replace("b", "c")`, of constants."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=base, attr="replace"),
            args=[ast.Constant(value=str() as old), ast.Constant(value=str() as new)],
            keywords=[],
        ):
            text = constant(base, context)
            return text.replace(old, new) if text is not None else None
    return None


def check_escaping(node: ast.Call, context: Context) -> None:
    """Refuse a text that is quoted by hand."""
    match node.func:
        case ast.Attribute(attr="replace" | "translate" | "sub"):
            for each in ast.walk(node):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    if set(each.value) & set(MARKS):
                        raise Unreadable(f"`{context.text(node)}` quotes by hand")


def wrapped(node: ast.Call, context: Context) -> Value | None:
    """A value passed through `shlex.quote`, `shlex.join` or `str`."""
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        return None
    inner = node.args[0]
    match context.qualified_name(node.func):
        case "shlex.quote" | "pipes.quote":
            known = raw(inner, context, known=True)
            absent = absent_caveats(inner, context)
            return Value("quoted", inner, known.element, known.field, absent)
        case "shlex.join":
            return joins.spread(inner, "quoted items", context)
        case "repr":
            return represented(inner, context)
        case "str" if raw(inner, context).kind == "plain":
            return Value("plain", node, source(node, context), source(inner, context))
    return None
