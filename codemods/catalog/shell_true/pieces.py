"""The bindings of a command as elements: what each makes, and what it adds."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.bindings import (
    bound,
)
from codemods.catalog.shell_true.calls import ShellCall
from codemods.catalog.shell_true.elements import elements, numbered, split_caveat
from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.logged import is_canonical
from codemods.catalog.shell_true.quoting import quote_of
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.stages import Stage, Workshop
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.tokens import Word
from codemods.catalog.shell_true.values import Parts, Unreadable

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.facts.scopes import Definition
    from codemods.model import Edit


@dataclass(frozen=True, slots=True)
class Piece:
    """One binding of the variable and the elements that it makes or adds."""

    statement: ast.Assign | ast.AugAssign
    parts: Parts
    items: tuple[str, ...]
    caveats: tuple[str, ...]
    program: str | None = None
    widenings: tuple[Edit, ...] = ()


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
    widenings = tuple(each.widening for each in stages if each.widening is not None)
    first = stages[0]
    return Piece(
        statement, found, first.items, tuple(caveats), first.program, widenings
    )


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


def is_shown_alike(made: Piece) -> bool:
    added = isinstance(made.statement, ast.AugAssign)
    return is_canonical(made.parts, added=added)
