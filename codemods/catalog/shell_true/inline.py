"""The fix for a command that is written, or can be written, at the call."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import held, several, single
from codemods.catalog.shell_true.elements import numbered
from codemods.catalog.shell_true.flow import unquoting
from codemods.catalog.shell_true.forms import form_of
from codemods.catalog.shell_true.quoting import quote_of
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.stages import Workshop
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.tokens import Refused
from codemods.catalog.shell_true.values import Parts, Unreadable, Value, everything

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context
    from codemods.model import Fix


def fix(call: ShellCall, context: Context) -> Fix:
    """The fix. Raises Unreadable or Refused where there is none."""
    in_variable = held_fix(call, context)
    if in_variable is not None:
        return in_variable
    form = form_of(call, context)
    found = parts(call.command, context, context.statement(call.node))
    check_in_view(found, call, context)
    template, values = numbered(found)
    script = read(template)
    workshop = Workshop(call, context, values, quote_of(call.command, context))
    orphans = names_behind(call, form.function is not None, context)
    more = unquoting(everything(values), [call.command], context)
    if script.joins:
        made = several.fix(script, form, workshop, orphans)
    else:
        stage = workshop.stage(script.commands[0], script.directory)
        made = single.fix(stage, form, workshop, orphans)
    assert isinstance(made.replacement, tuple)
    return replace(made, replacement=(*made.replacement, *more))


def held_fix(call: ShellCall, context: Context) -> Fix | None:
    """The fix that keeps the command in its variable, where there is one."""
    try:
        return held.fix(call, context)
    except (Unreadable, Refused):
        return None


def check_in_view(found: Parts, call: ShellCall, context: Context) -> None:
    """Refuse a command of which nothing is written here."""
    match [part for part in found if part != ""]:
        case [Value(kind="raw" | "items" as kind)]:
            shown = context.text(call.command)
            what = "is made" if kind == "raw" else "'s items are made"
            raise Unreadable(f"the command `{shown}` {what} elsewhere")


def names_behind(call: ShellCall, renamed: bool, context: Context) -> tuple[str, ...]:
    """The names that a call is made of, directly or through other names."""
    found: dict[str, None] = {}
    waiting: list[ast.expr] = [call.command]
    waiting += [call.node.func] if renamed else []
    waiting += [v for k, v in call.keywords.items() if k in ("shell", "executable")]
    while waiting:
        for each in ast.walk(waiting.pop()):
            if isinstance(each, ast.Name) and each.id not in found:
                found[each.id] = None
                value = context.value_of(each)
                if value is not None:
                    waiting.append(value)
    return tuple(found)
