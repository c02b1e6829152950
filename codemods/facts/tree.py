"""A file's ast with byte offsets and parents."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar, cast

from codemods.facts.children import children
from codemods.facts.lines import LINE
from codemods.model import SourceError

T = TypeVar("T", bound=ast.AST)
Span = tuple[int, int]
# Before 3.12 the ast puts what an f-string holds at made-up places.
FSTRINGS_HAVE_PLACES = sys.version_info >= (3, 12)
Suite = ast.stmt | ast.ExceptHandler | ast.match_case


def parse(code: bytes) -> ast.Module:
    """The ast of UTF-8 `code`, also where its grammar is newer than ours.

    Raises SourceError with the line of what cannot be parsed.
    """
    try:
        try:
            return _parse(code)
        except SyntaxError as error:
            from codemods.facts.lowering import lowered

            try:
                found = lowered(code)
            except SyntaxError:
                found = None
            if found is None:
                raise _unparsable(code, error) from error
            return found
    except (RecursionError, MemoryError) as error:
        raise SourceError("nested too deeply to be parsed") from error
    except ValueError as error:
        raise SourceError(f"not valid Python: {error}") from error


def _parse(code: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code.decode("utf-8"))


# Statements that Python 3 has no more.
_PYTHON_2 = re.compile(
    rb"print\s+[^=(\s.,)]|exec\s+[\w\"']|except\s+[\w.]+\s*,\s*\w+\s*:"
    rb"|except\s*\(.*\)\s*,\s*\w+\s*:|raise\s+[\w.]+\s*,|.*<>|.*\b0[0-7]+\b"
    rb"|.*\bur[\"']|.*`\w+`"
)


def _unparsable(code: bytes, error: SyntaxError) -> SourceError:
    number = error.lineno or 0
    lines = LINE.findall(code)
    text = lines[number - 1].strip() if 0 < number <= len(lines) else b""
    if _PYTHON_2.match(text):
        return SourceError("Python 2, which this tool does not rewrite", number)
    return SourceError(f"not valid Python: {error.msg}", number)


_FSTRING = re.compile(rb"[fF][rR]?['\"]")


class Tree:
    """The parsed module of one file, its nodes' places and parents.

    `code` is UTF-8 without a mark; every offset is a byte offset in it.
    """

    def __init__(self, code: bytes) -> None:
        self.code = code
        self.root = parse(code)
        self._relocated: set[ast.JoinedStr] = set()
        # The parents of what was found by its place: it spares many files the rest.
        self._near: dict[ast.AST, ast.AST] = {}
        self._every: dict[tuple[type[ast.AST], ...], list[ast.AST]] = {}

    @cached_property
    def line_starts(self) -> list[int]:
        return [match.start() for match in LINE.finditer(self.code)]

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        parents: dict[ast.AST, ast.AST] = {}
        found: list[ast.AST] = [self.root]
        for node in found:
            below = children(node)
            for child in below:
                parents[child] = node
            found += below
        return parents

    def every(self, *kinds: type[T]) -> list[T]:
        """The nodes of some classes, in the order in which they begin.

        A class stands for itself, not for those derived from it.
        """
        known = self._every.get(kinds)
        if known is None:
            found = [node for node in self._parents if type(node) in kinds]
            known = self._every[kinds] = sorted(found, key=_beginning)
        return cast("list[T]", known)

    @cached_property
    def _has_fstrings(self) -> bool:
        return _FSTRING.search(self.code) is not None

    def _string(self, node: ast.AST) -> ast.JoinedStr | None:
        """The outermost f-string around a node."""
        found: ast.JoinedStr | None = None
        for up in self.ancestors(node):
            if isinstance(up, ast.stmt):
                break
            if isinstance(up, ast.JoinedStr):
                found = up
        return found

    @cached_property
    def newline(self) -> str:
        """What ends the file's first line."""
        first = LINE.match(self.code)
        end = first.group() if first is not None else b""
        return "\r\n" if end.endswith(b"\r\n") else "\r" if end[-1:] == b"\r" else "\n"

    def is_elif(self, statement: ast.stmt) -> bool:
        """Whether a statement is the `elif` of another."""
        start = self.span(statement)[0]
        return isinstance(statement, ast.If) and self.code[start : start + 4] == b"elif"

    def parent(self, node: ast.AST) -> ast.AST | None:
        if node is self.root:
            return None
        return self._near.get(node) or self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parents of `node`, nearest first, the module last."""
        while (up := self.parent(node)) is not None:
            yield up
            node = up

    def offset(self, line: int, column: int) -> int:
        """The byte offset of an ast position (line from 1, column in bytes)."""
        return self.line_starts[line - 1] + column

    def line(self, offset: int) -> int:
        """The line, from 1, that holds a byte offset."""
        return bisect_right(self.line_starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in characters."""
        line = self.line(offset)
        head = self.code[self.line_starts[line - 1] : offset]
        return line, len(head.decode("utf-8", "replace")) + 1

    def span(self, node: ast.AST) -> Span:
        """Start and end offsets of a node.

        A definition starts at its first decorator. A node without a place (a
        module, an operator) spans what its children span, or nothing.
        """
        made_up = not FSTRINGS_HAVE_PLACES and self._has_fstrings
        if made_up and not isinstance(node, ast.stmt):
            string = self._string(node)
            if string is not None and string not in self._relocated:
                self._relocate(string)
        if not isinstance(node, _PLACED):
            return (0, len(self.code)) if isinstance(node, ast.Module) else (0, 0)
        return self._own_span(node)

    def _own_span(self, node: ast.AST) -> Span:
        """The span of a node that has a place, by the place it has now."""
        start, end = self._place(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                at = self._place(decorator)[0]
                start = min(start, self.code.rindex(b"@", 0, at))
        return start, end

    def _place(self, node: ast.AST) -> Span:
        # Every class of _PLACED has these four; ast's stubs have no common one.
        line, column = getattr(node, "lineno"), getattr(node, "col_offset")  # noqa: B009
        to, stop = getattr(node, "end_lineno"), getattr(node, "end_col_offset")  # noqa: B009
        return self.offset(line, column), self.offset(to, stop)

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.code[start:end].decode("utf-8")

    def _relocate(self, string: ast.JoinedStr) -> None:
        from codemods.facts.fstrings import relocate

        self._relocated.add(string)
        relocate(self, string)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The smallest statement that holds `node` (itself, if it is one)."""
        while not isinstance(node, ast.stmt):
            up = self.parent(node)
            assert up is not None, "a node of another tree"
            node = up
        return node

    def chain(self, offset: int) -> list[ast.AST]:
        """The nodes that hold a byte, smallest enclosing statement first."""
        chain: list[ast.AST] = []
        line = self.line(offset)
        relocates = not FSTRINGS_HAVE_PLACES
        node: ast.AST | None = self.root
        while node is not None:
            if isinstance(node, ast.stmt):
                chain = []
            if not isinstance(node, ast.Module):
                chain.append(node)
            if relocates and isinstance(node, ast.JoinedStr):
                relocates = False  # f-strings in this one are relocated with it
                if node not in self._relocated:
                    self._relocate(node)
            below = self._child_at(node, offset, line)
            if below is not None:
                self._near[below] = node
            node = below
        return chain if chain and isinstance(chain[0], ast.stmt) else []

    def _child_at(self, node: ast.AST, offset: int, line: int) -> ast.AST | None:
        literal = isinstance(node, ast.JoinedStr) and not FSTRINGS_HAVE_PLACES
        for child in ast.iter_child_nodes(node):
            if literal and isinstance(child, ast.Constant):
                continue
            if self._groups(child, node):
                if self._child_at(child, offset, line) is not None:
                    return child
            elif isinstance(child, _PLACED):
                # Most are passed over by a look at their last line.
                if getattr(child, "end_lineno") < line:  # noqa: B009
                    continue
                start, end = self._own_span(child)
                if start <= offset < end:
                    return child
        return None

    @staticmethod
    def _groups(node: ast.AST, parent: ast.AST) -> bool:
        """Whether only what is inside a node has places of its own."""
        if isinstance(node, _GROUPS):
            return True
        if FSTRINGS_HAVE_PLACES:
            return False
        # All parts of an f-string are said to span the whole of it.
        return isinstance(node, ast.FormattedValue) or (
            isinstance(node, ast.JoinedStr)
            and isinstance(parent, ast.FormattedValue)
            and parent.format_spec is node
        )


def _beginning(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


_PLACED: tuple[type[ast.AST], ...] = (
    ast.stmt,
    ast.expr,
    ast.ExceptHandler,
    ast.arg,
    ast.keyword,
    ast.alias,
    ast.pattern,
    *([getattr(ast, "type_param")] if sys.version_info >= (3, 12) else []),  # noqa: B009
)
_GROUPS = (ast.arguments, ast.comprehension, ast.withitem, ast.match_case)
