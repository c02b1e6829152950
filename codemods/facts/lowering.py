"""Newer grammar for an older interpreter.

What the running Python cannot parse is replaced by older syntax of the same length,
so that every place stays true, and the tree that comes out is mended to say what the
code says: type parameters (PEP 695 and 696), `except A, B:` (PEP 758), strings with
placeholders of any shape (PEP 701) and template strings (PEP 750).
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from codemods.facts.lines import LINE

T = TypeVar("T", bound=ast.AST)
Span = tuple[int, int]
_SPACES = re.compile(rb"[^\r\n]")


class Opaque(ast.expr):
    """A string whose value or type this interpreter cannot tell; `values` are read."""

    _fields = ("values",)
    values: list[ast.expr]


class TypeParameter(ast.AST):
    """The `T` of `def f[T]`."""

    _fields = ()
    _attributes = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    name: str


@dataclass(frozen=True)
class Module:
    """Code as libcst has parsed it, with the byte span of every node."""

    code: bytes
    root: cst.Module
    spans: dict[cst.CSTNode, Span]
    line_starts: list[int]

    @classmethod
    def of(cls, code: bytes) -> Module:
        """Raises ParserSyntaxError."""
        wrapper = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
        places = wrapper.resolve(ByteSpanPositionProvider)
        spans = {
            node: (place.start, place.start + place.length)
            for node, place in places.items()
        }
        starts = [match.start() for match in LINE.finditer(code)]
        return cls(code, wrapper.module, spans, starts)

    def walk(self, node: cst.CSTNode | None = None) -> Iterator[cst.CSTNode]:
        stack: list[cst.CSTNode] = [self.root if node is None else node]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.children)

    def placed(self, node: T, span: Span) -> T:
        """`node` with the attributes of a place."""
        for (line, column), names in zip(
            map(self._position, span),
            (("lineno", "col_offset"), ("end_lineno", "end_col_offset")),
            strict=True,
        ):
            setattr(node, names[0], line)
            setattr(node, names[1], column)
        return node

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1]

    def offsets(self, node: ast.AST) -> Span:
        """The span of a node of the ast."""
        line, column = getattr(node, "lineno"), getattr(node, "col_offset")  # noqa: B009
        to, stop = getattr(node, "end_lineno"), getattr(node, "end_col_offset")  # noqa: B009
        return self.line_starts[line - 1] + column, self.line_starts[to - 1] + stop


def lowered(code: bytes) -> ast.Module | None:
    """The ast of code in newer grammar; None where that is not what is wrong with it.

    Raises SyntaxError as ast.parse does.
    """
    from codemods.facts import newer_strings

    if _too_deep(code):
        return None
    try:
        module = Module.of(code)
    except (cst.ParserSyntaxError, UnicodeDecodeError, RecursionError):
        return None
    text = bytearray(code)
    strings = newer_strings.lower(module, text)
    parameters = dict(_type_parameters(module, text))
    handlers = set(_handlers(module, text))
    if text == code:
        return None
    root = ast.parse(text.decode("utf-8"))
    for node in list(ast.walk(root)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            given = parameters.get(_name_at(module, node)) if parameters else None
            if given is not None:
                setattr(node, "type_params", given)  # noqa: B010
        elif isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.BinOp):
            if module.offsets(node.type) in handlers:
                node.type = _tuple(module, node.type)
                if _names_the_error(root, node.type):
                    return None
    newer_strings.mend(module, root, strings)
    return root


# libcst's parser ends the process where it runs out of stack: what Python's own parser
# has not let pass is looked at first. Measured: 6,000 unary operators still go.
_DEEPEST = 200
_LONGEST = 6_000
_BRACKET = re.compile(rb"[\[\](){}]")


def _too_deep(code: bytes) -> bool:
    """Whether code may nest too deeply, by its brackets and longest line."""
    if any(len(line) > _LONGEST for line in code.splitlines()):
        return True
    depth = 0
    for match in _BRACKET.finditer(code):
        depth += 1 if match.group() in b"([{" else -1
        if depth > _DEEPEST:
            return True
    return False


def blank(text: bytearray, start: int, end: int) -> None:
    """Spaces instead of anything but line breaks."""
    text[start:end] = _SPACES.sub(b" ", text[start:end])


# -- type parameters


def _type_parameters(
    module: Module, text: bytearray
) -> Iterator[tuple[int, list[TypeParameter]]]:
    """Takes them out; yields them by the offset of the definition's name."""
    for node in module.walk():
        if not isinstance(node, cst.FunctionDef | cst.ClassDef | cst.TypeAlias):
            continue
        parameters = node.type_parameters
        if isinstance(node, cst.TypeAlias) and sys.version_info < (3, 12):
            # `type X = int` -> `[]=  X = int`, which binds X as well.
            start = module.spans[node][0]
            text[start : start + 4] = b"[]= "
            if parameters is not None:
                blank(text, *module.spans[parameters])
        elif parameters is not None and _is_newer(parameters):
            _open_early(module, text, node, module.spans[parameters])
            yield module.spans[node.name][0], _named(module, parameters)


def _is_newer(parameters: cst.TypeParameters) -> bool:
    defaults = any(each.default is not None for each in parameters.params)
    return sys.version_info < (3, 12) or (defaults and sys.version_info < (3, 13))


def _open_early(module: Module, text: bytearray, node: cst.CSTNode, span: Span) -> None:
    """`f[T](x)` -> `f(   x)` and `C[T]:` -> `C( ):`, over any line breaks."""
    start, end = span
    blank(text, start, end)
    text[start : start + 1] = b"("
    opens = re.compile(rb"(?:\s|\\)*\(").match(module.code, end)
    if opens is not None:
        blank(text, end, opens.end())
    else:
        text[end - 1 : end] = b")"


def _named(module: Module, parameters: cst.TypeParameters) -> list[TypeParameter]:
    found: list[TypeParameter] = []
    for each in parameters.params:
        parameter = module.placed(TypeParameter(), module.spans[each.param])
        parameter.name = each.param.name.value
        found.append(parameter)
    return found


def _name_at(
    module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> int:
    start = module.offsets(node)[0]
    head = re.compile(rb"(?:async\b|def\b|class\b|\s|\\)*").match(module.code, start)
    return head.end() if head is not None else start


# -- except A, B:


def _handlers(module: Module, text: bytearray) -> Iterator[Span]:
    """`except A, B:` -> `except A| B:`; yields the spans of what is a tuple."""
    for node in module.walk():
        if not isinstance(node, cst.ExceptHandler | cst.ExceptStarHandler):
            continue
        if isinstance(node.type, cst.Tuple) and not node.type.lpar:
            if sys.version_info >= (3, 14):
                continue
            elements = [module.spans[each.value] for each in node.type.elements]
            for (_, end), (start, _) in pairwise(elements):
                at = module.code.index(b",", end, start)
                text[at : at + 1] = b"|"
            yield elements[0][0], elements[-1][1]


def _tuple(module: Module, node: ast.BinOp) -> ast.Tuple:
    parts: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        parts.insert(0, left.right)
        left = left.left
    made = ast.Tuple(elts=[left, *parts], ctx=ast.Load())
    return module.placed(made, module.offsets(node))


def _names_the_error(root: ast.Module, kinds: ast.Tuple) -> bool:
    """Whether `except A, b:` is Python 2's way to call the exception `b`."""
    match kinds.elts:
        case [_, ast.Name(id=name)]:
            pass
        case _:
            return False
    return not hasattr(builtins, name) and not any(
        name in (getattr(node, "name", None), getattr(node, "asname", None))
        or (isinstance(node, ast.Name) and node.id == name and _stores(node))
        for node in ast.walk(root)
    )


def _stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def replace(root: ast.AST, swaps: dict[ast.AST, ast.expr]) -> None:
    """Put other nodes in the places of some."""
    for node in list(ast.walk(root)):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, list(_swapped(value, swaps)))
            elif isinstance(value, ast.AST) and value in swaps:
                setattr(node, name, swaps[value])


def _swapped(
    nodes: Iterable[ast.AST], swaps: dict[ast.AST, ast.expr]
) -> Iterator[ast.AST]:
    for node in nodes:
        yield swaps.get(node, node) if isinstance(node, ast.AST) else node
