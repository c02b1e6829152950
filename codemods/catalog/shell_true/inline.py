"""The fix for a command that is written, or can be written, at the call."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import held, several, single, wrappers
from codemods.catalog.shell_true.bindings import is_public
from codemods.catalog.shell_true.elements import numbered
from codemods.catalog.shell_true.forms import form_of
from codemods.catalog.shell_true.quoting import quote_of
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.stages import Workshop
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.tokens import Refused
from codemods.catalog.shell_true.unquote import unquoting
from codemods.catalog.shell_true.values import Parts, Unreadable, Value, everything

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context
    from codemods.model import Fix


def fix(call: ShellCall, context: Context) -> Fix:
    """The fix: in the variable that holds the command, or else at the call.

    Raises Unreadable or Refused where there is none.
    """
    if is_global(call, context):
        return at_call(call, context)
    try:
        in_variable = held.fix(call, context)
    except (Unreadable, Refused) as reason:
        try:
            return at_call(call, context)
        except (Unreadable, Refused):
            raise reason from None
    if in_variable is not None:
        return in_variable
    wrapped = wrappers.fix(call, context)
    return wrapped if wrapped is not None else at_call(call, context)


def is_global(call: ShellCall, context: Context) -> bool:
    """Whether the command is in a variable that other files may read."""
    if not isinstance(call.command, ast.Name):
        return False
    owner = context.scope(call.command).owner(call.command.id)
    return owner is not None and not isinstance(
        owner.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    )


def at_call(call: ShellCall, context: Context) -> Fix:
    check_name(call, context)
    form = form_of(call, context)
    found = parts(call.command, context, context.statement(call.node))
    check_in_view(found, call, context)
    template, values = numbered(found)
    script = read(template)
    quote = quote_of(call.command, context)
    # What stands in a block of its own is moved right, and no text may be.
    alone = not script.joins and not script.commands[0].redirections
    workshop = Workshop(call, context, values, quote if alone else quote[0])
    orphans = names_behind(call, form.function is not None, context)
    more = unquoting(everything(values), [call.command], context)
    if script.joins:
        made = several.fix(script, form, workshop, orphans)
    else:
        stage = workshop.stage(script.commands[0], script.directory)
        made = single.fix(stage, form, workshop, orphans)
    assert isinstance(made.replacement, tuple)
    return replace(made, replacement=(*made.replacement, *more))


def check_name(call: ShellCall, context: Context) -> None:
    """Refuse a variable whose several texts could not be followed."""
    command = call.command
    if isinstance(command, ast.Name) and context.value_of(command) is None:
        if any(
            each.kind in ("assign", "augment") for each in context.definitions(command)
        ):
            raise Unreadable(
                f"the command `{command.id}` is made in more than one place"
            )


def check_in_view(found: Parts, call: ShellCall, context: Context) -> None:
    """Refuse a command of which nothing is written here."""
    match [part for part in found if part != ""]:
        case [Value(kind="raw" | "items" as kind)]:
            shown = context.text(call.command)
            what = "is made" if kind == "raw" else "'s items are made"
            raise Unreadable(f"the command `{shown}` {what} elsewhere")
        case [Value(kind="plain", node=ast.Call() as made)] if made is call.command:
            shown = context.text(call.command)
            raise Unreadable(f"the command `{shown}` is made elsewhere")


def names_behind(call: ShellCall, renamed: bool, context: Context) -> tuple[str, ...]:
    """The names that a call is made of, directly or through other names."""
    found: dict[str, None] = {}
    waiting: list[ast.expr] = [call.command]
    waiting += [call.node.func] if renamed else []
    waiting += [v for k, v in call.keywords.items() if k in ("shell", "executable")]
    while waiting:
        for each in ast.walk(waiting.pop()):
            if not isinstance(each, ast.Name) or each.id in found:
                continue
            if is_public(each, context):
                continue
            found[each.id] = None
            value = context.value_of(each)
            if value is not None:
                waiting.append(value)
    return tuple(found)
