"""A handler that caught a missing program as a failing one, and shall do so still."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.handlers import (
    BROAD,
    FAILURES,
    caught,
    raises_again,
    tells,
)

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context
    from codemods.model import Edit

# Methods of text and bytes that no other class has with a meaning of its own.
OF_TEXT = {
    *("decode", "strip", "lstrip", "rstrip", "split", "splitlines", "startswith"),
    *("endswith", "partition", "rpartition", "lower", "upper", "isdigit"),
}
CONVERT = ("int", "float", "str", "len", "bool")


def widening(call: ShellCall, context: Context) -> Edit | None:
    """The handler that catches a failing command made to catch a missing program too.

    None where it could then catch something else, or looks at the exception.
    """
    statement = context.statement(call.node)
    around = context.parent(statement)
    if not isinstance(around, ast.Try) or statement not in around.body:
        return None
    alone = all(only_raises(call, each, context) for each in around.body)
    if "cwd" in call.keywords or not alone:
        return None
    for handler in around.handlers:
        if caught(handler, context) & BROAD:
            return None
        if caught(handler, context) & FAILURES and handler.type is not None:
            if not reads(handler, context):
                kinds = context.text(handler.type)
                if isinstance(handler.type, ast.Tuple):
                    return context.replace(handler.type, f"{kinds[:-1]}, OSError)")
                return context.replace(handler.type, f"({kinds}, OSError)")
    return None


def only_raises(call: ShellCall, statement: ast.stmt, context: Context) -> bool:
    """Whether nothing but the call can raise OSError in a statement."""
    quiet = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return | ast.If
    return all(
        isinstance(node, quiet)
        if isinstance(node, ast.stmt)
        else node is call.node or cannot_fail(node, context)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call | ast.stmt) and node not in ast.walk(call.command)
    )


def cannot_fail(node: ast.AST, context: Context) -> bool:
    """Whether a call is none that may raise OSError."""
    if not isinstance(node, ast.Call) or context.is_pure(node):
        return True
    if context.qualified_name(node.func) in CONVERT:
        return True
    match node.func, node.args:
        case ast.Attribute(attr="replace"), [_, _]:
            return True
        case ast.Attribute(attr=attr), _:
            return attr in OF_TEXT
    return False


def reads(handler: ast.ExceptHandler, context: Context) -> bool:
    """Whether a handler does something with the exception that it has caught."""
    named = any(
        isinstance(node, ast.Name) and node.id == handler.name
        for node in ast.walk(handler)
        if handler.name is not None
    )
    return named or raises_again(handler) or tells(handler, context)
