"""New text for a node, fitted to where it goes: parentheses, margin, newlines."""

from __future__ import annotations

import ast

from codemods import edits
from codemods.facts.tree import Tree
from codemods.fragment import indentation
from codemods.model import Edit

_ATOMS = (
    ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict,
    ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.JoinedStr,
)  # fmt: skip


def fitted(tree: Tree, node: ast.expr, code: str) -> str:
    """`code` in parentheses where it would else bind looser than its surroundings."""
    text = code.replace("\r\n", "\n").replace("\n", tree.newline)
    if _needs_parentheses(tree, node, code):
        return f"({text})"
    if isinstance(tree.parent(node), ast.FormattedValue) and code.startswith("{"):
        # A doubled brace in an f-string is a brace.
        return f" {text}"
    return text


def _needs_parentheses(tree: Tree, node: ast.expr, code: str) -> bool:
    try:
        new = ast.parse(f"({code}\n)", mode="eval").body
    except SyntaxError:
        # `*paths` in a call or a display.
        return False
    # A tuple or generator without its own parentheses takes ours.
    if new.col_offset == 0:
        return True
    whole = (1, len(code.encode("utf-8")) + 1)
    closed = (new.col_offset, new.end_col_offset) != whole and new.lineno == 1
    if closed and code.startswith("(") and code.endswith(")"):
        return False
    if isinstance(new, ast.Tuple | ast.GeneratorExp):
        return False
    if "\n" in code and not _bracketed(code) and not _in_brackets(tree, node):
        return True
    return not isinstance(new, _ATOMS) and _binds_tighter(tree, node, new)


def _bracketed(code: str) -> bool:
    """Whether every line break of an expression is inside brackets or a string."""
    try:
        ast.parse(code, mode="eval")
    except SyntaxError:
        return False
    return True


def _in_brackets(tree: Tree, node: ast.expr) -> bool:
    up = tree.parent(node)
    match up:
        case ast.Call(func=func):
            return func is not node
        case ast.List() | ast.Set() | ast.Dict():
            return True
    return False


def _binds_tighter(tree: Tree, node: ast.expr, new: ast.expr) -> bool:
    """Whether what stands around `node` would tear `new` apart."""
    if isinstance(new, ast.Yield | ast.YieldFrom | ast.NamedExpr):
        return True
    match tree.parent(node):
        case ast.Attribute() | ast.Await() | ast.UnaryOp() | ast.BinOp():
            return True
        case ast.BoolOp() | ast.Compare() | ast.IfExp() | ast.Starred():
            return True
        case ast.Call(func=func):
            return func is node
        case ast.Subscript(value=value):
            return value is node
        case ast.FormattedValue():
            return isinstance(new, ast.Lambda)
        case ast.comprehension():
            return isinstance(new, ast.Lambda | ast.IfExp)
        case ast.Dict(keys=keys, values=values):
            # `{**a or b}` is no Python.
            return any(
                key is None and value is node
                for key, value in zip(keys, values, strict=True)
            )
    return False


def moved(tree: Tree, statement: ast.stmt, code: str) -> str:
    """Statements written at the margin, as they read in the place of another."""
    margin = indentation(tree, tree.span(statement)[0])
    text = edits.reindent(code.rstrip("\n"), margin).removeprefix(margin)
    return text.replace("\r\n", "\n").replace("\n", tree.newline)


def inserted(tree: Tree, statement: ast.stmt, code: str) -> Edit:
    """Statements on lines of their own before another; ValueError where none fit."""
    if not begins_line(tree, statement):
        raise ValueError("another statement stands before this one on its line")
    start = tree.span(statement)[0]
    margin = indentation(tree, start)
    return Edit(start, start, moved(tree, statement, code) + tree.newline + margin)


def begins_line(tree: Tree, statement: ast.stmt) -> bool:
    """Whether nothing but white space stands before a statement on its line."""
    start = tree.span(statement)[0]
    line = tree.line_starts[tree.line(start) - 1]
    continued = tree.code[:line].rstrip(b"\r\n").endswith(b"\\")
    alone = not tree.code[line:start].strip() and not continued
    return alone and not tree.is_elif(statement)
