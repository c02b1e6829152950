"""Builtins that a fix calls, and that the file may mean something else by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.values import Unreadable
from codemods.facts.stars import source_of

if TYPE_CHECKING:
    import ast

    from codemods.context import Context
    from codemods.model import Edit, Fix

CALLED = re.compile(r"(?<![\w.])(open|str|int|float)\(")


def check_builtins(fix: Fix, node: ast.expr, context: Context) -> None:
    """Raises Unreadable for a fix that would call another `open`, or another `str`."""
    edits: tuple[Edit, ...] = ()
    if isinstance(fix.replacement, tuple):
        edits = fix.replacement
    scope = context.scope(node)
    module = scope.module
    called = {name for edit in edits for name in CALLED.findall(edit.code)}
    for name in sorted(called):
        if scope.owner(name) is not None:
            raise Unreadable(f"`{name}` is not the builtin in this file")
        if module.unseen or source_of(module.stars, name) is not None:
            raise Unreadable(f"`{name}` may not be the builtin in this file")
