"""What a list in a variable is made of, as far as that is in view."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.values import PLAIN

if TYPE_CHECKING:
    from codemods.context import Context

QUOTES = ("shlex.quote", "pipes.quote")


def changes(name: ast.Name, context: Context) -> bool:
    """Whether a list in a variable may hold other items than it was made with."""
    return len(origins(name, context)) > 1 or not all(
        context.facts.only_looks(use) or is_printed(use, context)
        for each in context.definitions(name)
        for use in context.uses(each)
    )


def is_printed(use: ast.Name, context: Context) -> bool:
    up = context.parent(use)
    return isinstance(up, ast.Call) and context.is_builtin(up.func, "print")


def origins(name: ast.Name, context: Context) -> list[ast.expr]:
    """The values that a list in a variable is made of, as far as they are in view."""
    found: list[ast.expr] = []
    for each in context.definitions(name):
        if each.value is not None:
            found.append(each.value)
        for use in context.uses(each):
            match context.parent(use):
                case ast.Attribute(attr="append" | "extend" | "insert") as method:
                    up = context.parent(method)
                    found += up.args if isinstance(up, ast.Call) else []
    return found


def is_quoting(node: ast.AST, context: Context) -> bool:
    """Whether a node quotes a text, or is one that a shell reads."""
    if isinstance(node, ast.Call):
        return context.qualified_name(node.func) in (*QUOTES, "shlex.join", "repr")
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and not PLAIN.fullmatch(node.value)
    )
