"""A command in a variable: the variable holds the list from where it is made."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import guards
from codemods.catalog.shell_true.calls import ShellCall, shell_call
from codemods.catalog.shell_true.elements import elements, numbered, split_caveat
from codemods.catalog.shell_true.flow import unquoting
from codemods.catalog.shell_true.forms import (
    form_of,
    function_text,
    spelled,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame, listed
from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.logged import is_canonical, join_edits, joinable
from codemods.catalog.shell_true.program import word_list
from codemods.catalog.shell_true.quoting import quote_of
from codemods.catalog.shell_true.render import NewCall, rendered
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.stages import Stage, Workshop
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.tokens import Word
from codemods.catalog.shell_true.values import Parts, Unreadable, Value, everything
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.facts.scopes import Definition

LOGGED = "the command is logged as shlex.join() writes it"


@dataclass(frozen=True, slots=True)
class Piece:
    """One binding of the variable and the elements that it makes or adds."""

    statement: ast.Assign | ast.AugAssign
    parts: Parts
    items: tuple[str, ...]
    caveats: tuple[str, ...]
    program: str | None = None


def fix(call: ShellCall, context: Context) -> Fix | None:
    """The fix, None for a command that is no variable of its own.

    Raises Unreadable or Refused where a binding has no list.
    """
    if not isinstance(call.command, ast.Name):
        return None
    definitions = all_definitions(call.command, context)
    if definitions is None:
        return None
    readers = [name for each in definitions for name in context.uses(each)]
    uses = [name for name in dict.fromkeys(readers) if not augments(name, context)]
    calls, others = divided(uses, call, context)
    if not all(joinable(name, context) for name in others):
        return None
    if any(not set(bound(name, context)) <= set(definitions) for name in uses):
        return None
    for each in calls:
        guards.check(each, context)
    pieces = [piece(each, calls, context) for each in definitions]
    check_boundaries(definitions, pieces, context)
    return whole_fix(pieces, calls, others, context)


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


def piece(each: Definition, calls: list[ShellCall], context: Context) -> Piece:
    statement = context.statement(each.node)
    assert isinstance(statement, ast.Assign | ast.AugAssign)
    found = parts(statement.value, context, statement)
    template, values = numbered(found)
    quote = quote_of(statement.value, context)
    if isinstance(statement, ast.AugAssign):
        tokens = lex(template)
        words = [token for token in tokens if isinstance(token, Word)]
        if len(words) != len(tokens):
            raise Unreadable("what is added to the command holds an operator")
        made = elements(words, values, quote)
        split = split_caveat([s for e in made for s in e.split])
        caveats = [*(c for e in made for c in e.caveats), *([split] if split else [])]
        items = tuple(e.source for e in made)
        return Piece(statement, found, items, tuple(caveats))
    script = read(template)
    if script.joins or script.directory or not script.commands[0].plain:
        raise Unreadable("the command has redirections, and is made elsewhere")
    stages: list[Stage] = [
        Workshop(call, context, values, quote).stage(script.commands[0], None)
        for call in calls
    ]
    caveats = [caveat for stage in stages for caveat in stage.caveats]
    if any(value.kind in ("raw", "items") and len(found) == 1 for value in values):
        raise Unreadable(
            f"the command `{context.text(statement.value)}` is made elsewhere"
        )
    return Piece(statement, found, stages[0].items, tuple(caveats), stages[0].program)


def check_boundaries(
    definitions: list[Definition], pieces: list[Piece], context: Context
) -> None:
    """Refuse a command that grows in the middle of a word."""
    by_definition = dict(zip(definitions, pieces, strict=True))
    for each, grown in by_definition.items():
        if isinstance(grown.statement, ast.AugAssign):
            assert isinstance(each.node, ast.Name)
            starts = str(grown.parts[0])[:1].isspace() if grown.parts else True
            for before in bound(each.node, context):
                end = by_definition[before].parts
                if not (starts or (end and str(end[-1])[-1:].isspace())):
                    raise Unreadable("the command grows in the middle of a word")


def whole_fix(
    pieces: list[Piece],
    calls: list[ShellCall],
    others: list[ast.Name],
    context: Context,
) -> Fix:
    edits = [edit for each in pieces for edit in list_edits(each, context)]
    caveats = [caveat for each in pieces for caveat in each.caveats]
    values = (v for each in pieces for v in each.parts if isinstance(v, Value))
    commands = [each.statement.value for each in pieces]
    edits += unquoting(everything(values), commands, context)
    imports: list[str] = []
    orphans: list[str] = []
    for call in calls:
        form = form_of(call, context)
        keywords, needed = spelled_keywords(form.given, call, context)
        assert isinstance(call.command, ast.Name)
        star = "*" if form.spread else ""
        new = NewCall(
            function_text(call, form, context), (), keywords, f"{star}{call.command.id}"
        )
        text = (
            rendered(call, new, context, Frame.of(form.target, context)) + form.suffix
        )
        edits.append(context.replace(form.target, in_file(text, context)))
        imports += needed
        if form.function:
            imports += spelled(form.function, call, context)[1]
        if any(each.program not in word_list("utilities") for each in pieces):
            caveats += form.caveats
        if form.function:
            func = ast.walk(call.node.func)
            orphans += [node.id for node in func if isinstance(node, ast.Name)]
    for name in others:
        more, needed = join_edits(name, context)
        edits.append(more)
        imports += needed
    if others and not all(map(is_shown_alike, pieces)):
        caveats.append(LOGGED)
    for each in pieces:
        for node in ast.walk(each.statement.value):
            if isinstance(node, ast.Name):
                orphans.append(node.id)
    return Fix(
        tuple(edits),
        caveat="; ".join(dict.fromkeys(caveats)) or None,
        imports=tuple(imports),
        orphans=tuple(dict.fromkeys(orphans)),
    )


def is_shown_alike(made: Piece) -> bool:
    added = isinstance(made.statement, ast.AugAssign)
    return is_canonical(made.parts, added=added)


def list_edits(made: Piece, context: Context) -> list[Edit]:
    """The right side of a binding becomes a list, its parentheses gone."""
    statement = made.statement
    code = context.facts.tree.code
    end = context.span(statement)[1]
    if isinstance(statement, ast.AugAssign):
        after = context.span(statement.target)[1]
    else:
        after = context.span(statement.targets[0])[1]
    start = code.index(b"=", after) + 1
    while code[start : start + 1] in (b" ", b"\t"):
        start += 1
    margin = Frame.of(statement, context).margin
    before = code[code.rfind(b"\n", 0, start) + 1 : start].decode("utf-8")
    frame = Frame(margin, before, "")
    return [Edit(start, end, in_file(written(made, frame), context))]


def written(made: Piece, frame: Frame) -> str:
    """The list; what is added to one need not be in a list of its own."""
    match made.statement, made.items:
        case ast.AugAssign(), [only] if only.startswith("*"):
            items = only[1:]
            return items[1:-1] if items.startswith("([") else items
    return listed(made.items, frame)
