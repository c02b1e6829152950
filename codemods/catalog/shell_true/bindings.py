"""The bindings of a variable that holds a command, and its uses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.calls import ShellCall, shell_call

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.facts.scopes import Definition

LOCAL = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def bound(name: ast.Name, context: Context) -> list[Definition]:
    return [each for each in context.definitions(name) if each.kind != "unbound"]


def all_definitions(name: ast.Name, context: Context) -> list[Definition] | None:
    """Every binding whose text may be in the variable; None where one is no text."""
    found: list[Definition] = []
    waiting = bound(name, context)
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        statement = context.statement(each.node)
        match statement:
            case ast.Assign(targets=[ast.Name() as target]) if target is each.node:
                pass
            case ast.AugAssign(op=ast.Add(), target=ast.Name() as target):
                waiting += bound(target, context)
            case _:
                return None
        if context.scope(each.node) is not context.scope(name):
            return None
        found.append(each)
    return sorted(found, key=lambda d: context.span(d.node)) or None


def is_public(name: ast.Name, context: Context) -> bool:
    """Whether a variable is one that other files, or other classes, may read.

    What a module holds under a name with an underscore is its own. What a class holds
    is read as an attribute, and so is never known to be unread.
    """
    owner = context.scope(name).owner(name.id)
    if owner is None or isinstance(owner.node, LOCAL):
        return False
    private = name.id.startswith("_") and not name.id.endswith("__")
    if private and isinstance(owner.node, ast.Module):
        return False
    return any(each.kind != "import" for each in owner.definitions.get(name.id, []))


def is_read_unseen(name: ast.Name, context: Context) -> bool:
    """Whether `locals()`, `eval` or the like may read a variable by its spelling."""
    owner = context.scope(name).owner(name.id)
    return owner is not None and owner.frame.dynamic


def augments(name: ast.Name, context: Context) -> bool:
    up = context.parent(name)
    return isinstance(up, ast.AugAssign) and up.target is name


def divided(
    uses: list[ast.Name], call: ShellCall, context: Context
) -> tuple[list[ShellCall], list[ast.Name]]:
    """The shell calls that run the variable, and its other uses."""
    calls: list[ShellCall] = []
    others: list[ast.Name] = []
    for name in uses:
        up = context.parent(name)
        up = context.parent(up) if isinstance(up, ast.keyword) else up
        found = shell_call(up, context) if isinstance(up, ast.Call) else None
        if found is not None and found.command is name:
            calls.append(found)
        else:
            others.append(name)
    return calls, others
