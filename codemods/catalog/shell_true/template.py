"""The text of a command as parts: what is written, and what placeholders put there."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import flow
from codemods.catalog.shell_true.formats import field, substituted
from codemods.catalog.shell_true.texts import called, constant
from codemods.catalog.shell_true.values import (
    PLAIN,
    Parts,
    Unreadable,
    Value,
    raw,
    source,
)
from codemods.catalog.shell_true.windows import is_windows
from codemods.facts.types import STR

if TYPE_CHECKING:
    from codemods.context import Context


def parts(node: ast.expr, context: Context, at: ast.stmt) -> Parts:
    """The parts of an expression as text, evaluated for statement `at`.

    Raises Unreadable where its words cannot be told.
    """
    match node:
        case ast.Constant(value=str() | int() | float() as value):
            return (str(value),)
        case ast.JoinedStr(values=values):
            return tuple(
                part for each in values for part in field(each, context, at, parts)
            )
        case ast.BinOp(op=ast.Add()) if is_text_sum(node, context):
            return added(node.left, context, at) + added(node.right, context, at)
        case ast.BinOp(op=ast.Mod()):
            text = constant(node.left, context)
            if text is not None:
                return substituted(text, node.right, context, at, parts)
        case ast.Call():
            return called(node, context, at, parts)
        case ast.IfExp():
            return chosen(node, context, at)
        case ast.Name():
            return flow.named(node, context, at, parts)
        case ast.Subscript() | ast.Attribute():
            these = flow.one_of_these(node, context, at, parts)
            return (these or raw(node, context),)
        case ast.BoolOp(values=values) if any(
            constant(v, context) == "" for v in values
        ):
            raise Unreadable(f"`{context.text(node)}` may be empty")
    return (raw(node, context),)


def chosen(node: ast.IfExp, context: Context, at: ast.stmt) -> Parts:
    """A conditional: a word, or a choice between words."""
    if is_windows(node.test, context) is not None:
        raise Unreadable("one of the texts is for Windows")
    arms = parts(node.body, context, at), parts(node.orelse, context, at)
    if all(len(arm) == 1 and isinstance(arm[0], str) for arm in arms):
        if all(PLAIN.fullmatch(str(arm[0])) for arm in arms):
            text = source(node, context)
            return (Value("plain", node, text, text),)
    if all(len(arm) == 1 and isinstance(arm[0], Value) for arm in arms):
        if all(isinstance(arm[0], Value) and arm[0].kind == "raw" for arm in arms):
            return (raw(node, context),)
    filled_arms = [arm for arm in arms if arm not in ((), ("",))]
    before = all(str(arm[0])[:1].isspace() for arm in filled_arms)
    behind = all(str(arm[-1])[-1:].isspace() for arm in filled_arms)
    choice = Value("choice", node, "", "", arms=arms)
    return (*([" "] if before else []), choice, *([" "] if behind else []))


def is_text_sum(node: ast.expr, context: Context) -> bool:
    """Whether `+` joins texts."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_text_sum(left, context) or is_text_sum(right, context)
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
    return context.type_of(node) == STR


def added(node: ast.expr, context: Context, at: ast.stmt) -> Parts:
    """A side of a concatenation: text, for the program would have failed otherwise."""
    found = parts(node, context, at)
    match found:
        case [Value("raw", node=inner) as value] if inner is node:
            known = raw(node, context, known=True)
            return (replace(value, element=known.element),)
    return found
