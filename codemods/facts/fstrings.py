"""True places for what an f-string holds, on interpreters before 3.12.

There the ast gives expressions inside f-strings positions that are wrong in
concatenated, multi-line and nested strings; libcst knows them exactly.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from codemods.facts.tree import Tree


def relocate(tree: Tree, string: ast.JoinedStr) -> None:
    """Give every expression inside `string`, whose own place is true, its true one."""
    start, end = tree.span(string)
    values = list(_values(string))
    spans = _expression_spans(tree.code[start:end])
    if len(values) != len(spans):
        return
    for value, (at, to) in zip(values, spans, strict=True):
        _move(tree, value.value, start + at, start + to)
        for inner in _outermost(value.value):
            relocate(tree, inner)


def _outermost(node: ast.AST) -> list[ast.JoinedStr]:
    """The f-strings in an expression that are in no other f-string of it."""
    if isinstance(node, ast.JoinedStr):
        return [node]
    return [each for part in ast.iter_child_nodes(node) for each in _outermost(part)]


def _values(node: ast.AST) -> list[ast.FormattedValue]:
    """The placeholders of an f-string and of its format specs, as they are written.

    A nested f-string belongs to its expression, which is moved as a whole.
    """
    found: list[ast.FormattedValue] = []
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                found.append(part)
                if part.format_spec is not None:
                    found += _values(part.format_spec)
    return found


def _expression_spans(text: bytes) -> list[tuple[int, int]]:
    import libcst as cst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    module = cst.parse_module(b"(" + text + b")\n")
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    places = wrapper.resolve(ByteSpanPositionProvider)
    found: list[tuple[int, int]] = []

    def parts(node: cst.CSTNode) -> None:
        if isinstance(node, cst.FormattedStringExpression):
            place = places[node.expression]
            found.append((place.start - 1, place.start - 1 + place.length))
            for part in node.format_spec or ():
                parts(part)
            return
        for child in node.children:
            parts(child)

    parts(module)
    return found


def _move(tree: Tree, node: ast.expr, start: int, end: int) -> None:
    """Parse the bytes again and copy the places, where the trees agree."""
    text = tree.code[start:end].decode("utf-8")
    try:
        again = ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError:
        return
    line = tree.line(start)
    column = start - tree.line_starts[line - 1]
    old = list(ast.walk(node))
    new = list(ast.walk(again))
    if [type(each) for each in old] != [type(each) for each in new]:
        return
    for mine, theirs in zip(old, new, strict=True):
        for at, col in (("lineno", "col_offset"), ("end_lineno", "end_col_offset")):
            if hasattr(theirs, at):
                here = getattr(theirs, at)
                shift = column - 1 if here == 1 else 0
                setattr(mine, at, line + here - 1)
                setattr(mine, col, getattr(theirs, col) + shift)
