"""Where a LIMIT goes in a query, proven by parsing the result again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.parsing import Parsed, Refusal, parsed
from codemods.catalog.unbounded_query.template import Query

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to be put in after the first `at` characters of a query."""

    at: int
    text: str


def place(query: Parsed, size: int) -> Insertion | Refusal:
    """Where the query takes at most `size` rows, checked by parsing it again.

    The reasons are about the place only: whether the query wants a limit at all is
    for `bounds` to say.
    """
    hidden = _hidden(query)
    if hidden:
        return Refusal(hidden)
    match query.dialect:
        case "tsql":
            spot = _after_select(query, f" TOP {size}")
        case "oracle":
            spot = _at_end(query, f" FETCH FIRST {size} ROWS ONLY")
        case _:
            spot = _at_end(query, f" LIMIT {size}")
    if isinstance(spot, Insertion) and not _proven(query, spot):
        return Refusal("with a limit put in, the parser reads another query")
    return spot


def _hidden(query: Parsed) -> str | None:
    """What may hide a clause of its own behind the end of the query."""
    last = query.tokens[-1]
    text, end = query.query, last.end + 1
    bare = text.in_hole(last.start, end) and _is_bare(query, last)
    if bare:
        return "the query ends in a placeholder, which may hold more clauses"
    if text.in_hole(end, len(text.text)):
        return "a placeholder stands behind the end of the query"
    if last.text == "}":
        return "the query ends in a placeholder that nothing in view fills"
    return None


def _is_bare(query: Parsed, token: Token) -> bool:
    """Whether a hole is a word of its own: neither quoted nor glued to a name."""
    text, end = query.query.text, token.end + 1
    if text[token.start] in "'\"`[" or text[end - 1] in "'\"`]":
        return False
    first = min(at for at, to in query.query.holes if at < end and token.start < to)
    # `d.{t}` and `t_{x}` are names; `t{x}` may well be a table and a clause.
    glued = first > 0 and text[first - 1] in "._"
    return not glued or _ends_in_two(query.query, token)


def _ends_in_two(query: Query, token: Token) -> bool:
    """Whether one hole follows another at once: `{a}{b}` may hold anything."""
    inside = [span for span in query.holes if token.start <= span[0] <= token.end]
    return any(one[1] == other[0] for one in inside for other in inside)


def _at_end(query: Parsed, text: str) -> Insertion:
    return Insertion(query.tokens[-1].end + 1, text)


def _after_select(query: Parsed, text: str) -> Insertion | Refusal:
    """After SELECT, or SELECT DISTINCT, of the outermost query: T-SQL's place."""
    from sqlglot import exp

    if not isinstance(query.tree, exp.Select):
        return Refusal("T-SQL has no place for TOP around a set operation")
    depth = 0
    found = None
    for index, token in enumerate(query.tokens):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.text.upper() == "SELECT":
            found = index
            break
    if found is None:
        return Refusal("no SELECT stands outside of parentheses")
    after = query.tokens[found + 1]
    if after.text.upper() in ("DISTINCT", "ALL"):
        found += 1
        after = query.tokens[found + 1]
    if query.query.in_hole(after.start, after.end + 1):
        return Refusal("a placeholder follows SELECT, which may hold a TOP of its own")
    return Insertion(query.tokens[found].end + 1, text)


def _proven(query: Parsed, spot: Insertion) -> bool:
    """Whether the result is the same query but for its limit, by tree and tokens."""
    old = query.query.text
    text = old[: spot.at] + spot.text + old[spot.at :]
    again = parsed(Query(text, (None,) * len(text), ()), query.dialect)
    if isinstance(again, Refusal) or not again.tree.args.get("limit"):
        return False
    extra = len(spot.text.split())
    before = [(each.token_type, each.text) for each in query.tokens]
    index = sum(each.end < spot.at for each in query.tokens)
    after = [(each.token_type, each.text) for each in again.tokens]
    rest = after[:index] + after[index + extra :]
    tree = again.tree.copy()
    tree.set("limit", None)
    return rest == before and tree == query.tree
