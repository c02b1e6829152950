"""Strings with placeholders that the running interpreter cannot parse.

`f"a {x["k"]!r} b"` becomes the list `[   x["k"],    ]` of the same length, from whose
elements and libcst's reading of the text the f-string's own node is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from codemods.facts.lowering import Module, Opaque, Span, blank, replace

Holder = cst.FormattedString | cst.TemplatedString
Whole = Holder | cst.ConcatenatedString
Placeholder = cst.FormattedStringExpression | cst.TemplatedStringExpression
_PARTS = cst.FormattedStringText | cst.TemplatedStringText | Placeholder


def lower(module: Module, text: bytearray) -> dict[Span, Whole]:
    """Replaces such strings in `text`; returns them by their spans."""
    found: dict[Span, Whole] = {}
    stack: list[cst.CSTNode] = [module.root]
    while stack:
        node = stack.pop()
        if isinstance(node, Whole) and not _parses(module, node):
            span = module.spans[node]
            found[span] = node
            _to_list(module, text, node, span)
            stack += [each.expression for each in _placeholders(node)]
        else:
            stack += node.children
    return found


def _parses(module: Module, node: Whole) -> bool:
    start, end = module.spans[node]
    try:
        ast.parse(b"(" + module.code[start:end] + b"\n)")
    except (SyntaxError, ValueError):
        return False
    return True


def _holders(node: cst.CSTNode) -> Iterator[Holder | cst.SimpleString]:
    """The strings that a string is concatenated of."""
    if isinstance(node, cst.ConcatenatedString):
        yield from _holders(node.left)
        yield from _holders(node.right)
    elif isinstance(node, Holder | cst.SimpleString):
        yield node


def _placeholders(node: cst.CSTNode) -> Iterator[Placeholder]:
    """The placeholders of a string and of their format specs, in order."""
    for holder in _holders(node):
        if not isinstance(holder, cst.SimpleString):
            for part in holder.parts:
                yield from _with_spec(part)


def _with_spec(part: cst.CSTNode) -> Iterator[Placeholder]:
    if isinstance(part, Placeholder):
        yield part
        for inner in part.format_spec or ():
            yield from _with_spec(inner)


def _to_list(module: Module, text: bytearray, node: Whole, span: Span) -> None:
    kept = [
        (each, bytes(text[slice(*module.spans[each.expression])]))
        for each in _placeholders(node)
    ]
    blank(text, *span)
    text[span[0] : span[0] + 1] = b"["
    text[span[1] - 1 : span[1]] = b"]"
    for each, written in kept:
        start, end = _around(module, each)
        text[start:end] = module.code[start:end]
        at, to = module.spans[each.expression]
        text[at:to] = written
        text[end : end + 1] = b","


def _around(module: Module, part: Placeholder) -> Span:
    """The span of a placeholder's expression with its parentheses."""
    start, end = module.spans[part.expression]
    opening = [module.spans[paren][0] for paren in part.expression.lpar]
    closing = [module.spans[paren][1] for paren in part.expression.rpar]
    return min([start, *opening]), max([end, *closing])


# -- back


def mend(module: Module, root: ast.Module, strings: dict[Span, Whole]) -> None:
    """Puts strings where `lower` has put lists."""
    swaps: dict[ast.AST, ast.expr] = {}
    for node in ast.walk(root):
        if isinstance(node, ast.List):
            span = module.offsets(node)
            if span in strings:
                swaps[node] = _string(module, strings[span], node)
    replace(root, swaps)
    # A string in another one's placeholder: what was swapped in holds it.
    for made in swaps.values():
        replace(made, swaps)


def _string(module: Module, node: Whole, read: ast.List) -> ast.expr:
    holders = list(_holders(node))
    plain = not any(isinstance(each, cst.TemplatedString) for each in holders)
    if plain and len(read.elts) == len(list(_placeholders(node))):
        reader = _Reader(module, iter(read.elts))
        try:
            values = [part for each in holders for part in reader.parts_of(each)]
        except (SyntaxError, ValueError):
            pass
        else:
            made = ast.JoinedStr(values=_joined(values))
            return module.placed(made, module.spans[node])
    opaque = Opaque()
    opaque.values = read.elts
    return module.placed(opaque, module.spans[node])


class _Reader:
    """Makes the parts of f-strings; `values` are the placeholders' expressions."""

    def __init__(self, module: Module, values: Iterator[ast.expr]) -> None:
        self.module = module
        self.values = values

    def parts_of(self, holder: Holder | cst.SimpleString) -> Iterator[ast.expr]:
        """Raises SyntaxError or ValueError for text that cannot be evaluated."""
        if isinstance(holder, cst.SimpleString):
            value = holder.evaluated_value
            if not isinstance(value, str):
                raise ValueError("bytes among strings")
            yield self.module.placed(ast.Constant(value), self.module.spans[holder])
            return
        for part in holder.parts:
            yield from self.part(holder, part)

    def part(self, holder: Holder, part: cst.CSTNode) -> Iterator[ast.expr]:
        span = self.module.spans[part]
        if isinstance(part, Placeholder):
            value = next(self.values)
            if part.equal is not None:
                said = self.module.code[span[0] + 1 : self._behind_equal(part)]
                text = ast.Constant(said.decode("utf-8"))
                yield self.module.placed(text, span)
            yield self.module.placed(self.formatted(holder, part, value), span)
        elif isinstance(part, cst.FormattedStringText):
            raw = part.value.replace("{{", "{").replace("}}", "}")
            prefix = holder.prefix.lower().replace("f", "")
            quote = holder.end
            value = ast.literal_eval(f"{prefix}{quote}{raw}{quote}")
            yield self.module.placed(ast.Constant(value), span)

    def formatted(
        self, holder: Holder, part: Placeholder, value: ast.expr
    ) -> ast.FormattedValue:
        conversion = ord(part.conversion) if part.conversion else -1
        spec: ast.JoinedStr | None = None
        if part.format_spec is not None:
            parts = [
                inner for each in part.format_spec for inner in self.part(holder, each)
            ]
            spec = ast.JoinedStr(values=_joined(parts))
            self.module.placed(spec, self.module.spans[part])
        elif part.equal is not None and not part.conversion:
            conversion = ord("r")
        return ast.FormattedValue(value=value, conversion=conversion, format_spec=spec)

    def _behind_equal(self, part: Placeholder) -> int:
        end = _around(self.module, part)[1]
        at = self.module.code.index(b"=", end) + 1
        while self.module.code[at : at + 1].isspace():
            at += 1
        return at


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """Neighbouring texts in one, as Python has them."""
    joined: list[ast.expr] = []
    for value in values:
        last = joined[-1] if joined else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            last.value = f"{last.value}{value.value}"  # type: ignore[str-bytes-safe]
            last.end_lineno = value.end_lineno
            last.end_col_offset = value.end_col_offset
        else:
            joined.append(value)
    return joined
