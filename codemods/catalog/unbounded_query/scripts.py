"""Queries in `.sql` files: told, never rewritten, for who runs them is not in view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.bounds import extent
from codemods.catalog.unbounded_query.extents import Open
from codemods.catalog.unbounded_query.keys import keys_declared_in
from codemods.catalog.unbounded_query.parsing import Parsed, Refusal, parsed
from codemods.catalog.unbounded_query.template import plain
from codemods.model import OptionValue, Remark

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
MESSAGE = "a query without a limit"
REASON = "a file of SQL is not rewritten: whoever runs it gets every row"


def remarks(text: str, options: Mapping[str, OptionValue]) -> Iterator[Remark]:
    """What is to be said of a file's queries, in order; nothing of a template's."""
    if _TEMPLATE.search(text):
        return
    dialect = str(options.get("dialect") or "")
    is_key = keys_declared_in(text)
    for start, end in _statements(text, dialect):
        read = _read(text[start:end], dialect)
        match read:
            case Refusal(reason=reason, at=int(at)):
                line = text.count("\n", 0, start + at) + 1
                yield Remark(start, end, MESSAGE, f"{reason} at line {line}")
            case Parsed(tree=tree) if isinstance(extent(tree, is_key), Open):
                yield Remark(start, end, MESSAGE, REASON)


def _read(text: str, dialect: str) -> Parsed | Refusal:
    """A statement in the dialect that is set, or in any that reads it."""
    query = plain(text)
    found = parsed(query, dialect)
    for other in ("bigquery", "postgres", "tsql", "snowflake") if not dialect else ():
        if isinstance(found, Parsed):
            break
        again = parsed(query, other)
        found = again if isinstance(again, Parsed) else found
    return found


def _statements(text: str, dialect: str) -> Iterator[tuple[int, int]]:
    """The spans of the statements that begin as a query does."""
    for tokens in _split(text, dialect):
        words = [each.text.upper() for each in tokens if each.text != "("]
        if words and words[0] in ("SELECT", "WITH"):
            yield tokens[0].start, tokens[-1].end + 1


def _split(text: str, dialect: str) -> Iterator[list[Token]]:
    import sqlglot
    from sqlglot.errors import SqlglotError
    from sqlglot.tokenizer_core import TokenType

    try:
        tokens = sqlglot.tokenize(text, read=dialect or None)
    except SqlglotError:
        return
    statement: list[Token] = []
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            yield statement
            statement = []
        else:
            statement.append(token)
    yield statement
