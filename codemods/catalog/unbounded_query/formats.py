"""Format strings and drivers' placeholders in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods.catalog.unbounded_query.template import Hole, Template, Text

_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


_CONVERSION = re.compile(
    r"%(?:%|(?:\(([^)]*)\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z])"
)


def braces(given: list[Text | Hole]) -> Iterator[Text | Hole]:
    """What `.format` makes of the pieces: its fields are holes."""
    yield from _replaced(given, _FIELD, {"{{": "{", "}}": "}"})


def percent(given: list[Text | Hole]) -> Iterator[Text | Hole]:
    """What `%` makes of the pieces."""
    yield from _replaced(given, _CONVERSION, {"%%": "%"})


def _replaced(
    given: list[Text | Hole], pattern: re.Pattern[str], literal: dict[str, str]
) -> Iterator[Text | Hole]:
    for piece in merged(given):
        if isinstance(piece, Hole):
            # What it holds is formatted too; it stays as unknown as it was.
            yield piece
            continue
        at = 0
        for found in pattern.finditer(piece.value):
            yield _part(piece, at, found.start())
            if found[0] in literal:
                yield Text(literal[found[0]], (piece.ends[found.end() - 1],))
            else:
                yield Hole(end=piece.ends[found.end() - 1])
            at = found.end()
        yield _part(piece, at, len(piece.value))


def bound_values(template: Template, style: str) -> Template:
    """The pieces with the driver's own placeholders as bound holes.

    `style` is "format" for `%s` and `%(name)s`; others are part of the SQL grammar.
    """
    if style != "format":
        return template
    found: list[Text | Hole] = []
    for piece in template:
        if isinstance(piece, Hole):
            found.append(piece)
            continue
        at = 0
        for match in re.finditer(r"%(?:s|b|t|\(\w+\)[sbt])", piece.value):
            found += [_part(piece, at, match.start()), _bound(piece, match)]
            at = match.end()
        found.append(_part(piece, at, len(piece.value)))
    return tuple(found)


def _bound(piece: Text, match: re.Match[str]) -> Text:
    """An identifier in the placeholder's stead, of its length and with its ends."""
    name = "p" * (match.end() - match.start())
    return Text(name, piece.ends[match.start() : match.end()])


def _part(piece: Text, start: int, end: int) -> Text:
    return Text(piece.value[start:end], piece.ends[start:end])


def merged(given: list[Text | Hole]) -> Template:
    """Neighbouring texts as one, empty ones left out."""
    found: list[Text | Hole] = []
    for piece in given:
        last = found[-1] if found else None
        if isinstance(piece, Text) and isinstance(last, Text):
            found[-1] = Text(last.value + piece.value, last.ends + piece.ends)
        elif not isinstance(piece, Text) or piece.value:
            found.append(piece)
    return tuple(found)
