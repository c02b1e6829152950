"""A command in a variable: the variable holds the list from where it is made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import guards
from codemods.catalog.shell_true.bindings import (
    all_definitions,
    augments,
    bound,
    divided,
    is_public,
    is_read_unseen,
)
from codemods.catalog.shell_true.calls import ShellCall
from codemods.catalog.shell_true.forms import (
    form_imports,
    form_of,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame, listed
from codemods.catalog.shell_true.logged import LOGGED, join_edits, joinable
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.pieces import (
    Piece,
    check_boundaries,
    is_shown_alike,
    piece,
)
from codemods.catalog.shell_true.program import word_list
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.unquote import unquoting
from codemods.catalog.shell_true.values import Value, everything
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.context import Context

SHARED = "`.args` of the result is the list in the variable, which grows"


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
    if is_read_unseen(call.command, context):
        return None
    if any(not set(bound(name, context)) <= set(definitions) for name in uses):
        return None
    for each in calls:
        guards.check(each, context)
    pieces = [piece(each, calls, context) for each in definitions]
    check_boundaries(definitions, pieces, context)
    return whole_fix(pieces, calls, others, context)


def whole_fix(
    pieces: list[Piece],
    calls: list[ShellCall],
    others: list[ast.Name],
    context: Context,
) -> Fix:
    edits = [edit for each in pieces for edit in list_edits(each, context)]
    edits += dict.fromkeys(edit for each in pieces for edit in each.widenings)
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
        imports += form_imports(form, call, context)
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
    grows = any(isinstance(each.statement, ast.AugAssign) for each in pieces)
    objects = [each.node for each in calls if each.returns in ("process", "popen")]
    if grows and any(result_of(each, context).escapes for each in objects):
        caveats.append(SHARED)
    for each in pieces:
        for node in ast.walk(each.statement.value):
            if isinstance(node, ast.Name) and not is_public(node, context):
                orphans.append(node.id)
    return Fix(
        tuple(edits),
        caveat="; ".join(dict.fromkeys(caveats)) or None,
        imports=tuple(imports),
        orphans=tuple(dict.fromkeys(orphans)),
    )


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
