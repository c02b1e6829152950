"""A list that grows and is joined for the shell: the list itself is the command."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.bindings import is_public, is_read_unseen
from codemods.catalog.shell_true.elements import elements, numbered, split_caveat
from codemods.catalog.shell_true.forms import (
    form_imports,
    form_of,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.growths import (
    Growth,
    all_growths,
    is_shown,
    joined_name,
)
from codemods.catalog.shell_true.handlers import tries_around
from codemods.catalog.shell_true.joins import listed as listed_parts
from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.regrown import words_of, written
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.stages import Workshop
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.values import Unreadable, Value, is_text
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

SHARED = "`.args` of the result is the list, and what is added to it later"


def fix(call: ShellCall, context: Context) -> Fix | None:
    """The fix for `" ".join(name)`, None for another command.

    Raises Unreadable or Refused where an item is no word of its own.
    """
    name = joined_name(call, context)
    if name is None or is_public(name, context):
        return None
    growths = all_growths(name, context)
    if growths is None:
        return None
    edits: list[Edit] = []
    caveats: list[str] = []
    for growth in growths:
        caveats += differences(growth, call, context)
        edits += written(growth, name, context)
    if edits and (is_shown(call, name, context) or is_read_unseen(name, context)):
        raise Unreadable(f"`{name.id}` is joined for other uses too")
    if call.returns in ("process", "popen") and len(growths) > 1:
        if result_of(call.node, context).escapes:
            caveats.append(SHARED)
    made, imports = new_call(call, name, context)
    form = form_of(call, context)
    return Fix(
        (*edits, made),
        caveat="; ".join(dict.fromkeys([*caveats, *form.caveats])) or None,
        imports=imports,
        orphans=orphans(call, context),
    )


def new_call(
    call: ShellCall, name: ast.Name, context: Context
) -> tuple[Edit, tuple[str, ...]]:
    """The call with the list, and the imports that it needs."""
    form = form_of(call, context)
    keywords, imports = spelled_keywords(form.given, call, context)
    held = f"*{name.id}" if form.spread else name.id
    new = NewCall(function_text(call, form, context), (), keywords, held)
    text = rendered(call, new, context, Frame.of(form.target, context)) + form.suffix
    edit = context.replace(form.target, in_file(text, context))
    return edit, (*imports, *form_imports(form, call, context))


def orphans(call: ShellCall, context: Context) -> tuple[str, ...]:
    """The names that may be left over: of the text, and of what quoted and ran it."""
    found = ["shlex", "pipes", "quote"]
    for node in (call.command, *ast.walk(call.node.func)):
        if isinstance(node, ast.Name) and not is_public(node, context):
            found.append(node.id)
    return tuple(found)


def differences(growth: Growth, call: ShellCall, context: Context) -> list[str]:
    """The caveats about what is added. Raises Unreadable or Refused."""
    made = [words_of(item, context) for item in growth.items]
    if growth.first:
        return of_program(growth, sum(len(words) for words, _ in made), call, context)
    found: list[str] = []
    same = tries_around(growth.whole, context) == tries_around(call.node, context)
    for words, values in made:
        if not same and not all(is_certain(value, context) for value in values):
            raise Unreadable("an item is made where errors are caught")
        split = [s for each in elements(words, values, '"') for s in each.split]
        caveat = split_caveat(split)
        found += [*(c for value in values for c in value.caveats)]
        found += [caveat] if caveat else []
    return found


def is_certain(value: Value, context: Context) -> bool:
    """Whether to make an item of a value raises now what it raised before."""
    return value.kind != "quoted" or is_text(context.type_of(value.node))


def of_program(
    growth: Growth, count: int, call: ShellCall, context: Context
) -> list[str]:
    """The caveats about what the list is made with, `count` words in all."""
    if not growth.items:
        raise Unreadable("the program is added to an empty list")
    at = context.statement(growth.whole)
    template, values = numbered(listed_parts(" ", growth.items, context, at, parts))
    script = read(template)
    command = script.commands[0]
    name = command.words[0].text
    if script.joins or not command.plain or len(command.words) != count:
        shown = context.text(growth.items[0])
        raise Unreadable(f"`{shown}` is more than a program")
    if name == "echo":
        raise Unreadable("`echo` reads options and backslashes in its own way")
    workshop = Workshop(call, context, values, '"')
    return [*workshop.stage(command, None, alone=False).caveats]
