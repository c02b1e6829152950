"""Whether text from outside the program reaches a command."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.items import origins
from codemods.catalog.shell_true.values import is_number

if TYPE_CHECKING:
    from codemods.context import Context

QUOTES = ("shlex.quote", "shlex.join", "pipes.quote")
SOURCES = {
    "os.environ": "the environment",
    "os.getenv": "the environment",
    "os.environb": "the environment",
    "sys.argv": "the command line",
    "input": "what the user types",
    "flask.request": "a request",
    "bottle.request": "a request",
}
DEPTH = 4


def outside_text(node: ast.expr, context: Context, depth: int = DEPTH) -> str | None:
    """What reaches the text of an expression unquoted: "the parameter `x`", or None."""
    if is_number(context.type_of(node)):
        return None
    match node:
        case ast.Call() if context.qualified_name(node.func) in QUOTES:
            return None
        case ast.Call(func=func):
            named = SOURCES.get(context.qualified_name(func) or "")
            if named:
                return named
        case ast.Name():
            return named_source(node, context, depth)
        case ast.Attribute() | ast.Subscript():
            named = SOURCES.get(context.qualified_name(node) or "")
            if named:
                return named
        case ast.Lambda():
            return None
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not is_test(child, node):
            found = outside_text(child, context, depth)
            if found:
                return found
    return None


def is_test(child: ast.expr, parent: ast.expr) -> bool:
    """Whether a part only decides which text is taken."""
    return isinstance(parent, ast.IfExp) and child is parent.test


def named_source(name: ast.Name, context: Context, depth: int) -> str | None:
    imported = SOURCES.get(context.qualified_name(name) or "")
    if imported:
        return imported
    for each in context.definitions(name):
        if each.kind == "param":
            if name.id in ("self", "cls"):
                continue
            return f"the parameter `{name.id}`"
    for value in origins(name, context) if depth > 0 else ():
        if name not in ast.walk(value):
            found = outside_text(value, context, depth - 1)
            if found:
                return found
    return None
