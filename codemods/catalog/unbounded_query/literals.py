"""String literals as written: which bytes stand for which character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.unbounded_query.template import Text

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True)
class Field:
    """What stands between braces in an f-string: its place among the others.

    `end` is the byte offset after the closing brace.
    """

    end: int


class UnreadableLiteral(Exception):
    """A literal whose bytes could not be followed."""


# The library reference, "Escape sequences"; a newline in source may be any of three.
_ESCAPE = re.compile(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}"
    r"|N\{[^}]+\}|.)|\r\n",
    re.DOTALL,
)
_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip


def pieces(source: str, start: int) -> list[Text | Field]:
    """The text and fields of a string expression at byte `start`, in order.

    `source` is one literal or several side by side. Raises UnreadableLiteral for
    bytes, and for what is no literal.
    """
    import libcst as cst

    from codemods.fragment import concrete_expression

    newline = re.search(r"\r\n|\r|\n", source)
    # libcst does not repeat a file's usual newline in every node.
    module = cst.Module([], default_newline=newline[0] if newline else "\n")
    return list(_pieces(concrete_expression(source), start, module))


def _pieces(
    node: cst.BaseExpression, start: int, module: cst.Module
) -> Iterator[Text | Field]:
    import libcst as cst

    match node:
        case cst.ConcatenatedString():
            yield from _pieces(node.left, start, module)
            before = (node.left, node.whitespace_between)
            space = sum(_length(module.code_for_node(each)) for each in before)
            yield from _pieces(node.right, start + space, module)
        case cst.SimpleString():
            if "b" in node.prefix.lower():
                raise UnreadableLiteral("bytes")
            quote = len(node.quote)
            body = node.value[len(node.prefix) + quote : -quote]
            at = start + len(node.prefix) + quote
            yield _text(body, at, raw="r" in node.prefix.lower(), braces=False)
        case cst.FormattedString():
            yield from _formatted(node, start, module)
        case _:
            raise UnreadableLiteral(type(node).__name__)


def _formatted(
    node: cst.FormattedString, start: int, module: cst.Module
) -> Iterator[Text | Field]:
    import libcst as cst

    at = start + _length(node.start)
    for part in node.parts:
        width = _length(module.code_for_node(part))
        if isinstance(part, cst.FormattedStringText):
            raw = "r" in node.prefix.lower()
            yield _text(part.value, at, raw=raw, braces=True)
        else:
            yield Field(at + width)
        at += width


def _text(body: str, at: int, *, raw: bool, braces: bool) -> Text:
    characters: list[str] = []
    ends: list[int | None] = []
    position = 0
    while position < len(body):
        value, position = _character(body, position, raw, braces)
        end = at + _length(body[:position]) if not body.isascii() else at + position
        characters.append(value)
        ends += [end] * len(value)
    return Text("".join(characters), tuple(ends))


def _character(body: str, position: int, raw: bool, braces: bool) -> tuple[str, int]:
    """The character at a position of a literal's body, and where the next one is."""
    one = body[position]
    if braces and body[position : position + 2] in ("{{", "}}"):
        return one, position + 2
    if one == "\r":
        following = position + 1 + (body[position + 1 : position + 2] == "\n")
        return "\n", following
    if one != "\\" or raw:
        return one, position + 1
    found = _ESCAPE.match(body, position)
    if found is None:
        raise UnreadableLiteral("a backslash at the end")
    return _escaped(found[0]), found.end()


def _escaped(escape: str) -> str:
    rest = escape[1:]
    if rest in _SIMPLE:
        return _SIMPLE[rest]
    if rest[0] in "01234567":
        return chr(int(rest, 8))
    if rest[0] in "xuU" and len(rest) > 1:
        return chr(int(rest[1:], 16))
    if rest[0] == "N" and len(rest) > 1:
        import unicodedata

        return unicodedata.lookup(rest[2:-1])
    return escape


def _length(text: str) -> int:
    return len(text.encode("utf-8"))
