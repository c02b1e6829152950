"""The template of a query: what an expression's text is made of, as far as it shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemods.catalog.unbounded_query.literals import Field, UnreadableLiteral, pieces
from codemods.catalog.unbounded_query.reach import CARRIERS, Reach
from codemods.catalog.unbounded_query.template import Hole, Template, Text
from codemods.context import Context


class Unclear(Exception):
    """A text that does not show what it is; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts of one file; only the bytes on `reach`'s route may be written to."""

    context: Context
    reach: Reach

    def template(self, node: ast.expr) -> Template:
        """The pieces of the text of `node`. Raises Unclear."""
        try:
            return _merged(self._read(node, 0))
        except UnreadableLiteral as error:
            raise Unclear(f"the literal cannot be followed: {error}") from error

    def _read(self, node: ast.expr, depth: int) -> list[Text | Hole]:
        if depth > 12:
            raise Unclear("the text is put together in too many steps")
        source = self.reach.sources.get(node)
        if source is not None:
            return self._read(source, depth + 1)
        match node:
            case ast.Constant(value=str() as value):
                return self._literal(node, value)
            case ast.JoinedStr():
                return self._formatted(node)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [*self._read(left, depth + 1), *self._piece(right, depth + 1)]
            case ast.BinOp(left=left, op=ast.Mod()):
                return list(_percent(self._read(left, depth + 1)))
            case ast.Call():
                return self._call(node, depth)
            case ast.IfExp(body=one, orelse=other):
                return self._read(self._on_route([one, other]), depth + 1)
            case ast.BoolOp(values=values):
                return self._read(self._on_route(values), depth + 1)
            case ast.NamedExpr(value=value):
                return self._read(value, depth + 1)
        raise Unclear(f"`{ast.unparse(node)[:60]}` is not a text in view")

    def _on_route(self, choices: list[ast.expr]) -> ast.expr:
        """Of several texts, the one that is being asked about."""
        found = [each for each in choices if each in self.reach.route]
        if len(found) != 1:
            raise Unclear("which of several texts is run does not show")
        return found[0]

    def _call(self, node: ast.Call, depth: int) -> list[Text | Hole]:
        if isinstance(node.func, ast.Attribute):
            inner = node.func.value
            match node.func.attr:
                case "format":
                    return list(_braces(self._read(inner, depth + 1)))
                case "strip" | "lstrip" | "rstrip" if not node.args:
                    return self._read(inner, depth + 1)
                case "bindparams":
                    return self._read(inner, depth + 1)
        if node.args and self.context.qualified_name(node.func) in CARRIERS:
            return self._read(node.args[0], depth + 1)
        raise Unclear(f"`{ast.unparse(node.func)[:60]}(...)` makes the text")

    def _piece(self, node: ast.expr, depth: int) -> list[Text | Hole]:
        """A part of a text: literal, a constant put in by name, or a hole."""
        try:
            return self._read(node, depth)
        except Unclear:
            known = self._constant(node)
            return [Hole()] if known is None else [_foreign(known)]

    def _constant(self, node: ast.expr) -> str | None:
        value = self.context.value_of(node) if isinstance(node, ast.Name) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
        return None

    def _literal(self, node: ast.Constant, value: str) -> list[Text | Hole]:
        found = [each for each in self._pieces(node) if isinstance(each, Text)]
        if "".join(each.value for each in found) != value:
            raise Unclear("the literal's escapes cannot be followed")
        return list(found)

    def _formatted(self, node: ast.JoinedStr) -> list[Text | Hole]:
        values = [each for each in node.values if isinstance(each, ast.FormattedValue)]
        literal = "".join(
            each.value
            for each in node.values
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
        found: list[Text | Hole] = []
        written = ""
        for piece in self._pieces(node):
            if isinstance(piece, Text):
                found.append(piece)
                written += piece.value
            elif values:
                found.append(self._field(values.pop(0), piece, self._is_own(node)))
        if values or written != literal:
            raise Unclear("the f-string cannot be followed")
        return found

    def _field(self, value: ast.FormattedValue, place: Field, own: bool) -> Text | Hole:
        """What stands between braces: its text, where it is a constant's name.

        The last character ends where the brace does: text may go in behind it.
        """
        end = place.end if own else None
        known = self._constant(value.value)
        if not known or value.format_spec is not None or value.conversion != -1:
            return Hole(end=end)
        return Text(known, (*(None,) * (len(known) - 1), end))

    def _pieces(self, node: ast.expr) -> list[Text | Field]:
        start, _ = self.context.span(node)
        found = pieces(self.context.text(node), start)
        if self._is_own(node):
            return found
        return [
            _foreign(each.value) if isinstance(each, Text) else each for each in found
        ]

    def _is_own(self, node: ast.expr) -> bool:
        return node in self.reach.route or any(
            up in self.reach.route for up in self.context.ancestors(node)
        )


def _foreign(value: str) -> Text:
    """Text whose bytes are not this query's own."""
    return Text(value, (None,) * len(value))


_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_CONVERSION = re.compile(
    r"%(?:%|(?:\(([^)]*)\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z])"
)


def _braces(given: list[Text | Hole]) -> Iterator[Text | Hole]:
    """What `.format` makes of the pieces: its fields are holes."""
    yield from _replaced(given, _FIELD, {"{{": "{", "}}": "}"})


def _percent(given: list[Text | Hole]) -> Iterator[Text | Hole]:
    """What `%` makes of the pieces."""
    yield from _replaced(given, _CONVERSION, {"%%": "%"})


def _replaced(
    given: list[Text | Hole], pattern: re.Pattern[str], literal: dict[str, str]
) -> Iterator[Text | Hole]:
    for piece in _merged(given):
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


def _merged(given: list[Text | Hole]) -> Template:
    """Neighbouring texts as one, empty ones left out."""
    found: list[Text | Hole] = []
    for piece in given:
        last = found[-1] if found else None
        if isinstance(piece, Text) and isinstance(last, Text):
            found[-1] = Text(last.value + piece.value, last.ends + piece.ends)
        elif not isinstance(piece, Text) or piece.value:
            found.append(piece)
    return tuple(found)
