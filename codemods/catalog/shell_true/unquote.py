"""Taking `shlex.quote` out of where a value was quoted."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.bindings import is_public, is_read_unseen
from codemods.catalog.shell_true.values import (
    Unreadable,
    Value,
    source,
)

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.model import Edit


def unquoting(
    values: Iterable[Value], commands: Iterable[ast.expr], context: Context
) -> list[Edit]:
    """The edits that take `shlex.quote` out of what the values were made with.

    Raises Unreadable where the quoted text is used otherwise too.
    """
    inside = {node for each in commands for node in ast.walk(each)}
    edits: dict[ast.expr, Edit] = {}
    for value in values:
        made = value.unquoted
        if made is None:
            continue
        statement = context.statement(made)
        match statement, made:
            case ast.Assign(targets=[ast.Name() as target]), ast.Call(args=[inner]):
                definition = context.facts.scopes.bound_by[target]
            case _:
                raise Unreadable(f"`{value.field}` is quoted in a larger statement")
        if is_read_unseen(target, context):
            raise Unreadable(f"`{value.field}` is quoted, and may be read by its name")
        if is_public(target, context):
            raise Unreadable(f"`{value.field}` is quoted, and other files may read it")
        if any(name not in inside for name in context.uses(definition)):
            raise Unreadable(f"`{value.field}` is quoted for other uses too")
        same = isinstance(inner, ast.Name) and inner.id == target.id
        if same:
            edits[made] = context.delete(statement)
        else:
            edits[made] = context.replace(made, source(inner, context))
    return list(edits.values())
