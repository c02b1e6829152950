"""The fix for a command that is written, or can be written, at the call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import results
from codemods.catalog.shell_true.elements import (
    elements,
    numbered,
    split_caveat,
)
from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.program import word_list
from codemods.catalog.shell_true.render import NewCall, rendered
from codemods.catalog.shell_true.script import Command, read
from codemods.catalog.shell_true.structure import (
    arguments,
    directed,
    variables,
)
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.tokens import Slot
from codemods.catalog.shell_true.values import Unreadable, Value
from codemods.model import Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context


def fix(call: ShellCall, context: Context) -> Fix:
    """The fix. Raises Unreadable or Refused where there is none."""
    at = context.statement(call.node)
    template, values = numbered(parts(call.command, context, at))
    script = read(template)
    quote = quote_of(call.command, context)
    if script.joins or script.directory:
        raise Unreadable("several commands")
    command = script.commands[0]
    made = elements(command.words, values, quote)
    streams = arguments(call, directed(command, values, quote), context)
    env = variables(command, values, quote, call, context)
    keywords = {**streams.keywords, **env.keywords}
    if streams.files:
        raise Unreadable("files")
    everything = [*made, *streams.elements, *env.elements]
    caveats = [
        *program_caveats(command, values),
        split_caveat([s for each in everything for s in each.split]),
        *(c for each in everything for c in each.caveats),
        *streams.caveats,
        *result_caveats(call, command, context),
    ]
    new = NewCall(context.text(call.node.func), [e.source for e in made], keywords)
    text = rendered(call, new, context, Frame.of(call.node, context))
    return Fix(
        (context.replace(call.node, text),),
        caveat="; ".join(dict.fromkeys(c for c in caveats if c)) or None,
        imports=("os",) if "env" in keywords else (),
        orphans=names_behind(call.command, context),
    )


def quote_of(command: ast.expr, context: Context) -> str:
    """The quotation mark that the command is written with."""
    for node in ast.walk(command):
        if isinstance(node, ast.Name):
            value = context.value_of(node)
            if value is not None and value is not command:
                return (
                    quote_of(value, context) if not isinstance(value, ast.Name) else '"'
                )
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = context.text(node).lstrip("rRbBfFuU")
            if text[:1] in "'\"":
                return text[:1] or '"'
    return '"'


def program_caveats(command: Command, values: list[Value]) -> list[str]:
    """What is said about the command word."""
    word = command.words[0]
    name = word.text
    if name in word_list("twins"):
        return [f"the shell's own `{name}` ran; now the program of that name does"]
    for piece in word.pieces:
        if isinstance(piece, Slot) and piece.quoting == "bare" and name is None:
            shown = values[piece.number].field
            return [f"`{shown}` names the program: no builtin, no assignment"]
    return []


def result_caveats(call: ShellCall, command: Command, context: Context) -> list[str]:
    if command.words[0].text in word_list("utilities"):
        return []
    found = []
    if results.reads_status(call, context):
        found.append(results.MISSING)
    if results.misses_missing(call, context):
        found.append(results.UNCAUGHT)
    return found


def names_behind(node: ast.expr, context: Context) -> tuple[str, ...]:
    """The names that a command is made of, directly or through other names."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        for each in ast.walk(waiting.pop()):
            if isinstance(each, ast.Name) and each.id not in found:
                found[each.id] = None
                value = context.value_of(each)
                if value is not None:
                    waiting.append(value)
    return tuple(found)
