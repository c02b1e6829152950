"""A query as sqlglot reads it, or why it does not."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.template import Query

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.tokenizer_core import Token


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no place for a LIMIT.

    `at` is the character of the query where a parser stopped, None for other reasons.
    """

    reason: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query that is one statement: its tree and its tokens without semicolons."""

    query: Query
    dialect: str
    tree: exp.Expr
    tokens: tuple[Token, ...]


def parsed(query: Query, dialect: str) -> Parsed | Refusal:
    """The query as sqlglot reads it in `dialect` (its name for it, "" for any).

    A placeholder that stands where the grammar has no room for a name holds a clause
    or nothing: it is left out and the rest is read again.
    """
    read = _read(query, dialect)
    for _ in query.holes:
        emptied = _without_clause(query, read)
        if emptied is None:
            return read
        query = emptied
        again = _read(query, dialect)
        read = again if isinstance(again, Parsed) or again.at is not None else read
    return read


def _without_clause(query: Query, read: Parsed | Refusal) -> Query | None:
    """The query with blanks for the placeholder at which the parser stopped."""
    if isinstance(read, Parsed) or read.at is None:
        return None
    text = query.text
    for start, end in reversed(query.holes):
        alone = text[start - 1 : start].isspace() and text[end : end + 1].isspace()
        if start <= read.at and alone and not text[start:end].isspace():
            return replace(query, text=text[:start] + " " * (end - start) + text[end:])
    return None


def _read(query: Query, dialect: str) -> Parsed | Refusal:
    import sqlglot
    from sqlglot.errors import SqlglotError
    from sqlglot.tokenizer_core import TokenType

    if any(mark in query.text for mark in ("{{", "{%", "{#")):
        return Refusal("the text is a Jinja template")
    try:
        with _quiet():
            found = sqlglot.parse(query.text, read=dialect or None)
            tokens = sqlglot.tokenize(query.text, read=dialect or None)
    except SqlglotError as error:
        return _unread(error, query)
    except RecursionError:
        return Refusal("the query is nested too deeply to be parsed")
    trees = [each for each in found if each is not None and each.key != "semicolon"]
    if len(trees) != 1:
        return Refusal("the text holds several statements")
    if any(each.text == "|>" for each in tokens):
        return Refusal("pipe syntax has a LIMIT step of its own")
    meant = tuple(each for each in tokens if each.token_type != TokenType.SEMICOLON)
    return Parsed(query, dialect, trees[0], meant)


def _unread(error: Exception, query: Query) -> Refusal:
    """What sqlglot stumbled over, and where."""
    errors: Sequence[dict[str, object]] = getattr(error, "errors", ())
    for each in errors:
        line, end, word = each.get("line"), each.get("col"), each.get("highlight")
        if isinstance(line, int) and isinstance(end, int) and isinstance(word, str):
            lines = query.text.splitlines(keepends=True)
            # sqlglot tells the column, from 1, where the word ends.
            at = sum(map(len, lines[: line - 1])) + end - len(word)
            known = not query.in_hole(at, at + len(word))
            what = repr(word) if known else "a placeholder"
            return Refusal(f"sqlglot cannot parse {what}", max(at, 0))
    return Refusal(f"sqlglot cannot parse it: {str(error).splitlines()[0][:80]}", 0)


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings on the console for syntax that sqlglot half knows."""
    logger = logging.getLogger("sqlglot")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
