"""From a node of the ast to its libcst twin and back, one statement at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from codemods.facts.tree import Span, Tree

_BREAK = re.compile(rb"[\r\n]")
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True)
class Fragment:
    """One statement as libcst sees it, in a module of its own.

    A compound statement keeps its indentation under `if 1:`, so that its text is the
    file's, byte for byte; an `elif` gets an `if` before it. `start` is the statement's
    offset in the file and `head` the number of bytes put before it.
    """

    module: cst.Module
    start: int
    head: int

    @classmethod
    def of(cls, tree: Tree, statement: ast.stmt) -> Fragment:
        start, end = tree.span(statement)
        margin = indentation(tree, start)
        text = tree.code[start:end].decode("utf-8")
        is_elif = tree.is_elif(statement)
        head = ""
        if margin and (is_elif or _BREAK.search(tree.code, start, end)):
            head = f"if 1:\n{margin}"
        if is_elif:
            head += f"if 1: pass\n{margin}"
        module = cst.parse_module(f"{head}{text}\n")
        return cls(module, start, len(head.encode("utf-8")))

    @property
    def statement(self) -> Statement:
        found: cst.BaseCompoundStatement | cst.BaseStatement = self.module.body[0]
        head = self.module.bytes[: self.head]
        if head.startswith(b"if 1:\n"):
            found = cst.ensure_type(found, cst.If).body.body[0]  # type: ignore[assignment]
        if b"pass" in head:
            found = cst.ensure_type(cst.ensure_type(found, cst.If).orelse, cst.If)
        assert isinstance(found, Statement)
        return found

    @cached_property
    def spans(self) -> dict[cst.CSTNode, Span]:
        """Each node's start and end as offsets in the file, parentheses left out."""
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        shift = self.start - self.head
        return {
            node: (place.start + shift, place.start + place.length + shift)
            for node, place in wrapper.resolve(ByteSpanPositionProvider).items()
        }

    def nodes_at(self, offset: int, kind: type[cst.CSTNode]) -> Iterator[cst.CSTNode]:
        """The nodes of a class that hold a byte, outermost first."""
        for node, (start, end) in self.spans.items():
            if isinstance(node, kind) and self.start <= start <= offset < end:
                yield node

    def render(self, new: Statement) -> str:
        """The text of `new` in the place of this fragment's statement."""
        module = self.module.deep_replace(self.statement, new)
        assert isinstance(module, cst.Module)
        text = module.code[len(self.module.code[: self._head_chars]) :]
        return text[:-1] if text.endswith("\n") else text

    @property
    def _head_chars(self) -> int:
        return len(self.module.code.encode("utf-8")[: self.head].decode("utf-8"))


def indentation(tree: Tree, offset: int) -> str:
    """The white space before a statement on its line; empty where other code is."""
    line = tree.line_starts[tree.line(offset) - 1]
    margin = tree.code[line:offset].decode("utf-8")
    return margin.lstrip("\f") if not margin.strip() else ""


def concrete_expression(text: str) -> cst.BaseExpression:
    """The libcst node of an expression's text, which may span lines."""
    try:
        return cst.parse_expression(text)
    except cst.ParserSyntaxError:
        node = cst.parse_expression(f"({text}\n)")
        inner = {"lpar": node.lpar[1:], "rpar": node.rpar[:-1]}
        return node.with_changes(**inner)


def ast_twin(tree: Tree, node: cst.CSTNode, span: Span) -> ast.AST | None:
    """The ast node that stands where a libcst node does, of the like class."""
    candidates = [
        each for each in tree.chain(span[0]) if _like(node, each, tree.span(each), span)
    ]
    return candidates[-1] if candidates else None


def _like(node: cst.CSTNode, other: ast.AST, at: Span, span: Span) -> bool:
    if isinstance(node, cst.Tuple | cst.GeneratorExp):
        return type(other).__name__ == type(node).__name__ and at[0] <= span[0]
    if at != span:
        return False
    is_expression = isinstance(node, cst.BaseExpression)
    return isinstance(other, ast.expr) == is_expression
