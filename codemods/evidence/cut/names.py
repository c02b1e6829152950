"""The names that statements read and bind, by their spelling."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def own_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function in order, without those of functions inside it."""
    for each in body:
        yield each
        if isinstance(each, SCOPES):
            continue
        for child in ast.iter_child_nodes(each):
            if isinstance(child, ast.stmt):
                yield from own_statements([child])
            elif isinstance(child, ast.ExceptHandler):
                yield from own_statements(child.body)


def stored(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def loaded(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def roots(node: ast.AST) -> Iterator[str]:
    """The names whose object a statement stores something into."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute | ast.Subscript) and isinstance(
            each.ctx, ast.Store
        ):
            root = each.value
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id
