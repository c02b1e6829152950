"""A list handed to a shell, which runs its first item and drops the others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.values import PLAIN, Unreadable
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

MESSAGE = "a list with shell=True runs only its first item"


def fix(call: ShellCall, context: Context) -> Fix | None:
    """The fix for a command that is a list already, None for any other.

    Raises Unreadable for a list whose first item is a command line.
    """
    value: ast.expr | None = call.command
    if isinstance(value, ast.Name):
        value = context.value_of(value)
    match value:
        case ast.List(elts=[first, _, *_]) | ast.Tuple(elts=[first, _, *_]):
            check_first(first, context)
        case _:
            kind = context.type_of(call.command)
            if kind is None or kind.name not in ("list", "tuple"):
                return None
            if isinstance(value, ast.List | ast.Tuple):
                raise Unreadable("the list has one item, which the shell reads")
    shown = context.text(call.command)
    new = NewCall(context.text(call.node.func), (), {}, shown)
    frame = Frame.of(call.node, context)
    text = rendered(call, new, context, frame)
    return Fix(
        (context.replace(call.node, in_file(text, context)),),
        caveat="the shell ran the first item alone, and now all items count",
        message=MESSAGE,
    )


def check_first(first: ast.expr, context: Context) -> None:
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        if not PLAIN.fullmatch(first.value):
            raise Unreadable("the first item of the list is a command line of its own")
