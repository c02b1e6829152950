"""A command that is also shown: `shlex.join` gives its text back."""

from __future__ import annotations

import ast
import shlex
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import numbered
from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.tokens import Hole, Slot, Word
from codemods.catalog.shell_true.values import Parts, Unreadable

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.model import Edit

LOGGED = "the command is logged as shlex.join() writes it"
SHOWS = {
    *("debug", "info", "warning", "warn", "error", "exception", "critical", "log"),
    *("print", "write", "echo", "secho", "fatal"),
}


def joinable(name: ast.Name, context: Context) -> bool:
    """Whether a use only shows the text of a command."""
    shown: ast.AST = name
    up = context.parent(name)
    if isinstance(up, ast.FormattedValue):
        if up.conversion != -1 or up.format_spec is not None:
            return False
        string = context.parent(up)
        assert string is not None
        shown, up = string, context.parent(string)
    match up:
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in SHOWS:
            return shown in up.args
        case ast.Call(func=ast.Name(id=function)):
            raises = isinstance(context.parent(up), ast.Raise)
            return (function in SHOWS or raises) and shown in up.args
    return False


def join_edits(name: ast.Name, context: Context) -> tuple[Edit, tuple[str, ...]]:
    """The use of a list as the text that it was, and the imports needed."""
    try:
        join, imports = context.spelling("shlex.join", context.statement(name))
    except LookupError as error:
        raise Unreadable(str(error)) from error
    return context.replace(name, f"{join}({name.id})"), imports


def is_canonical(parts: Parts, *, added: bool) -> bool:
    """Whether `shlex.join` of the words is, to the letter, the command's text.

    What is `added` to a command begins with the space between the two.
    """
    template, values = numbered(parts)
    atoms: list[str | Hole] = []
    for part in template:
        atoms.extend([part] if isinstance(part, Hole) else part)
    written: list[str | Hole] = []
    for token in lex(template):
        assert isinstance(token, Word)
        written.extend([" "] if written or added else [])
        match token.pieces:
            case [Slot(number, "bare")] if values[number].kind in ("quoted", "plain"):
                written.append(Hole(number))
            case _ if token.text is not None:
                written.extend(shlex.quote(token.text))
            case _:
                return False
    return written == atoms
