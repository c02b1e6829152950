"""The items of a list that is no longer joined: each an argument of its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import elements, numbered
from codemods.catalog.shell_true.layout import Frame, listed
from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.quoting import quote_of
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.tokens import Slot, Word
from codemods.catalog.shell_true.values import Unreadable, Value
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Edit

if TYPE_CHECKING:
    from codemods.catalog.shell_true.growths import Growth
    from codemods.context import Context


def words_of(item: ast.expr, context: Context) -> tuple[list[Word], list[Value]]:
    """The words that a shell makes of an item, and the values in it."""
    if isinstance(item, ast.Starred):
        raise Unreadable(f"`{context.text(item)}` is joined with the others")
    template, values = numbered(parts(item, context, context.statement(item)))
    tokens = lex(template)
    words = [token for token in tokens if isinstance(token, Word)]
    if len(words) != len(tokens):
        raise Unreadable(f"`{context.text(item)}` holds an operator")
    if not words:
        raise Unreadable(f"`{context.text(item)}` is no word at all")
    return words, values


def written(growth: Growth, name: ast.Name, context: Context) -> list[Edit]:
    """The edits that make each item an argument of its own."""
    quote = quote_of(growth.whole, context)
    texts = [text for item in growth.items for text in arguments(item, quote, context)]
    if texts == [context.text(item) for item in growth.items]:
        return []
    frame = Frame.of(growth.whole, context)
    if not isinstance(growth.whole, ast.Call):
        new = listed(texts, frame)
    elif len(texts) == 1 and not texts[0].startswith("*"):
        new = f"{name.id}.append({texts[0]})"
    else:
        new = f"{name.id} += {listed(texts, frame)}"
        statement = context.statement(growth.whole)
        start, end = context.span(statement)
        return [Edit(start, end, in_file(new, context))]
    return [context.replace(growth.whole, in_file(new, context))]


def arguments(item: ast.expr, quote: str, context: Context) -> list[str]:
    """An item as it is, where it is one word as it stands; else its words."""
    words, values = words_of(item, context)
    kinds = {value.kind for value in values}
    bare = all(piece.quoting == "bare" for word in words for piece in word.pieces)
    home = any(
        isinstance(word.pieces[0], Slot) and values[word.pieces[0].number].home
        for word in words
    )
    if len(words) == 1 and bare and not home and kinds <= {"raw", "plain"}:
        return [context.text(item)]
    if any(value.unquoted is not None for value in values):
        raise Unreadable(f"`{context.text(item)}` is quoted elsewhere")
    return [each.source for each in elements(words, values, quote)]
