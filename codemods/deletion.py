"""Taking a statement out of its block without leaving a trace or a hole."""

from __future__ import annotations

import ast

from codemods.facts.tree import Tree
from codemods.model import Edit


def deletion(tree: Tree, statement: ast.stmt) -> Edit:
    """The edit that removes a statement.

    Its whole line goes where it stands alone; `pass` stays where the block would be
    empty; a comment behind it goes along. Raises ValueError for an `elif`.
    """
    start, end = tree.span(statement)
    if tree.is_elif(statement):
        raise ValueError("an elif is no statement of its own")
    if _only_one(tree, statement):
        return Edit(start, end, "pass")
    first = tree.line_starts[tree.line(start) - 1]
    last = tree.line(end) if tree.line(end) < len(tree.line_starts) else None
    stop = tree.line_starts[last] if last is not None else len(tree.code)
    behind = tree.code[end:stop].strip()
    if tree.code[first:start].strip():
        # `a = 1; b = 2` without the second: the semicolon before it goes too.
        before = tree.code[:start].rstrip(b" \t;")
        return Edit(len(before), end, "")
    if behind and not behind.startswith(b"#"):
        rest = tree.code[end:].lstrip(b" \t;")
        return Edit(start, len(tree.code) - len(rest), "")
    return Edit(first, stop, "")


def _only_one(tree: Tree, statement: ast.stmt) -> bool:
    home = tree.parent(statement)
    if isinstance(home, ast.Module):
        return False
    return any(
        getattr(home, block, None) == [statement]
        for block in ("body", "orelse", "finalbody")
    )
