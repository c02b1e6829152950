"""Where the items of a list come from that is joined for the shell."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.bindings import all_definitions, augments
from codemods.catalog.shell_true.moving import can_move

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context


@dataclass(frozen=True, slots=True)
class Growth:
    """A place where items come into the list.

    `whole` is the display, or the call of `append`; `first` says that the list is
    made there.
    """

    whole: ast.expr
    items: tuple[ast.expr, ...]
    first: bool = False


def joined_name(call: ShellCall, context: Context) -> ast.Name | None:
    """The list in `" ".join(name)`, at the call or in a variable just for it."""
    command: ast.expr | None = call.command
    if isinstance(command, ast.Name):
        command = context.value_of(command)
        at = context.statement(call.node)
        if command is None or not can_move(command, context, at):
            return None
    match command:
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=" "), attr="join"),
            args=[ast.Name() as name],
            keywords=[],
        ):
            return name
    return None


def is_joined(use: ast.Name, context: Context) -> bool:
    match context.parent(use):
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join")):
            return True
    return False


def is_shown(call: ShellCall, name: ast.Name, context: Context) -> bool:
    """Whether the text of the list is used besides, and so may not change."""
    uses = [use for each in context.definitions(name) for use in context.uses(each)]
    others = [use for use in uses if use is not name and is_joined(use, context)]
    texts: list[ast.Name] = []
    if isinstance(call.command, ast.Name):
        held = context.definitions(call.command)
        texts = [use for each in held for use in context.uses(each)]
    return bool(others) or any(use is not call.command for use in texts)


def all_growths(name: ast.Name, context: Context) -> list[Growth] | None:
    """Where the items come from; None where something else is done with the list."""
    definitions = all_definitions(name, context)
    if definitions is None:
        return None
    found: dict[ast.expr, Growth] = {}
    for each in definitions:
        statement = context.statement(each.node)
        match statement:
            case ast.Assign(value=ast.List(elts=items) as whole):
                found[whole] = Growth(whole, tuple(items), first=True)
            case ast.AugAssign(value=ast.List(elts=items) as whole):
                found[whole] = Growth(whole, tuple(items))
            case _:
                return None
        for use in context.uses(each):
            if use is name or augments(use, context):
                continue
            growth = added(use, context)
            if growth is not None:
                found[growth.whole] = growth
            elif not is_joined(use, context):
                return None
    return sorted(found.values(), key=lambda growth: context.span(growth.whole))


def added(use: ast.Name, context: Context) -> Growth | None:
    """`name.append(x)` or `name.extend([x, y])`, as a statement."""
    method = context.parent(use)
    call = context.parent(method) if method is not None else None
    if not isinstance(call, ast.Call) or not isinstance(context.parent(call), ast.Expr):
        return None
    match method, call:
        case ast.Attribute(attr="append"), ast.Call(args=[item], keywords=[]):
            return Growth(call, (item,))
        case ast.Attribute(attr="extend"), ast.Call(
            args=[ast.List(elts=items) as whole], keywords=[]
        ):
            return Growth(whole, tuple(items))
    return None
