"""Where a codemod has to look: from byte matches to nodes and their judges."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codemods.facts import Facts
from codemods.facts.tree import Span, Tree
from codemods.model import Codemod, Judge

if TYPE_CHECKING:
    import libcst as cst

    from codemods.context import Context


@dataclass(frozen=True, slots=True)
class Place:
    """A node to be judged.

    `span` is the node's, `pointed` what a report points at, `claim` the span of the
    smallest statement around it; all are offsets.
    """

    codemod: Codemod
    judge: Judge
    node: ast.AST | cst.CSTNode
    statement: ast.stmt
    span: Span
    pointed: Span
    claim: Span


def places(facts: Facts, codemod: Codemod, context: Context) -> Iterator[Place]:
    """The places around a codemod's triggers, each once, by position of trigger."""
    seen: set[tuple[object, Judge]] = set()
    for offset in offsets(facts.tree, codemod, context):
        chain = facts.tree.chain(offset)
        for kind, judge in codemod.judges if chain else ():
            for node, span in _nodes(context, chain, offset, kind):
                if (node, judge) not in seen:
                    seen.add((node, judge))
                    yield Place(
                        codemod,
                        judge,
                        node,
                        _statement(chain),
                        span,
                        _pointed(facts.tree, node, span),
                        facts.tree.span(chain[0]),
                    )


def _statement(chain: list[ast.AST]) -> ast.stmt:
    assert isinstance(chain[0], ast.stmt)
    return chain[0]


def _nodes(
    context: Context, chain: list[ast.AST], offset: int, kind: type[Any]
) -> Iterator[tuple[ast.AST | cst.CSTNode, Span]]:
    if issubclass(kind, ast.AST):
        for node in chain:
            if isinstance(node, kind):
                yield node, context.facts.tree.span(node)
        return
    fragment = context.fragment(_statement(chain))
    for concrete in fragment.nodes_at(offset, kind):
        yield concrete, fragment.spans[concrete]


def offsets(tree: Tree, codemod: Codemod, context: Context) -> list[int]:
    """Where a trigger matches, and where a name imported for one stands."""
    found = codemod.matches(tree.code, context.options)
    for offset in sorted(found):
        for node in tree.chain(offset):
            if isinstance(node, ast.alias) and node.asname:
                word = re.compile(rb"\b%s\b" % re.escape(node.asname.encode("utf-8")))
                found |= {match.start() for match in word.finditer(tree.code)}
    return sorted(found)


def _pointed(tree: Tree, node: ast.AST | cst.CSTNode, span: Span) -> Span:
    """A node, or the head of a compound statement up to its colon."""
    body = getattr(node, "body", None)
    if isinstance(node, ast.stmt | ast.ExceptHandler) and isinstance(body, list):
        # The last part of the head, behind which comments and the colon stand.
        first = tree.span(body[0])[0]
        ends = [tree.span(each)[1] for each in _parts(node)]
        last = max((end for end in ends if end <= first), default=span[0])
        colon = _COLON.match(tree.code, last, first)
        return span[0], colon.end() if colon is not None else first
    return span


_COLON = re.compile(rb"(?:[^:#]|#[^\r\n]*)*:")


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The expressions of a head, out of what groups them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.arguments | ast.withitem | ast.comprehension):
            yield from _parts(child)
        elif hasattr(child, "end_lineno"):
            yield child
