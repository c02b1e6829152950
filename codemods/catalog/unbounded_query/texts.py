"""The template of a query: what an expression's text is made of, as far as it shows."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.unbounded_query.formats import braces, merged, percent
from codemods.catalog.unbounded_query.literals import Field, UnreadableLiteral, pieces
from codemods.catalog.unbounded_query.routes import CARRIERS, Reach
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
            return merged(self._read(node, 0))
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
                return list(percent(self._read(left, depth + 1)))
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
                    return list(braces(self._read(inner, depth + 1)))
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
