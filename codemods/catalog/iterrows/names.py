"""What is written for a column: a literal, a list, a variable."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
import unicodedata
from collections.abc import Mapping, Sequence
from string import ascii_letters

from codemods.catalog.iterrows.loop import Loop
from codemods.context import Context


class NoForm(Exception):
    """Why a form cannot be written here, as a clause."""


def column_list(frame: str, column: str, context: Context) -> str:
    return f"{frame}[{_quoted(column, context)}].tolist()"


def _quoted(column: str, context: Context) -> str:
    written = repr(column) if _is_written(column, context) else ascii(column)
    if written[0] == "'" and '"' not in column:
        return f'"{written[1:-1]}"'
    return written


def _is_written(column: str, context: Context) -> bool:
    """Whether a name is ASCII, or stands in the file without escapes."""
    if column.isascii():
        return True
    return column.encode("utf-8", "surrogatepass") in context.facts.tree.code


def _plain(column: str) -> str:
    return column.encode("ascii", "replace").decode()


def in_place(column: str, node: ast.AST, context: Context) -> str:
    """The literal with quotes that no f-string around it uses.

    Raises NoForm where both are used: before Python 3.12 there is no third.
    """
    used = {
        quote
        for up in context.ancestors(node)
        if isinstance(up, ast.JoinedStr)
        for quote in _delimiters(context.text(up))
    }
    text = _quoted(column, context)
    if not used:
        return text
    if len(used) > 1:
        raise NoForm("the f-string around the row uses both quotes")
    return f"'{text[1:-1]}'" if used == {'"'} else text


def _delimiters(text: str) -> set[str]:
    """The quotes that open the strings of which a literal is put together."""
    if not re.match(r"[a-zA-Z]*[\"']", text):
        return set()  # a format spec
    starts = getattr(tokenize, "FSTRING_START", None)
    ends = getattr(tokenize, "FSTRING_END", None)
    found: set[str] = set()
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(f"({text})").readline):
        if depth == 0 and token.type in (tokenize.STRING, starts):
            found.add(token.string.lstrip(ascii_letters)[0])
        depth += (token.type == starts) - (token.type == ends)
    return found


def own_name(loop: Loop, preferred: str, context: Context, *taken: str) -> str:
    """`columns`, or `team_columns` inside a loop that has taken that."""
    assert isinstance(loop.row, ast.Name)
    name = context.fresh_name(loop.statement, preferred, *taken)
    if name == preferred:
        return name
    return context.fresh_name(loop.statement, f"{loop.row.id}_{preferred}", *taken)


def column_names(
    loop: Loop,
    columns: Sequence[str],
    given: Mapping[str, tuple[str, ast.Assign]],
    context: Context,
) -> dict[str, str]:
    """A variable for each column, as a person would call it."""
    assert isinstance(loop.row, ast.Name)
    names = {column: name for column, (name, _) in given.items()}
    for column in columns:
        if column in names:
            continue
        plain = identifier(column if _is_written(column, context) else _plain(column))
        names[column] = own_name(loop, plain, context, *names.values())
    return names


def identifier(column: str) -> str:
    """A column's name as a variable: `HLA Allele` -> `hla_allele`."""
    column = unicodedata.normalize("NFKC", column)
    if column.isidentifier() and not keyword.iskeyword(column):
        return column if not column.startswith("__") else column.strip("_") or "value"
    text = re.sub(r"\W+", "_", column).strip("_").lower()
    if not text:
        return "value"
    return (
        text if text.isidentifier() and not keyword.iskeyword(text) else f"col_{text}"
    )
