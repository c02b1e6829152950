"""Whether a cursor is made here and in nobody else's hands."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.handling import handled, home_of, uses_of
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context


def hands_out_rows(client: Thing | None) -> bool:
    """Whether a client may hand out rows itself, of the query that it ran last."""
    if client is None or client.role == "cursor":
        return True
    return tables().gives(client, "fetchone") is not None


_MADE = {"assign", "walrus", "with"}


def is_own(name: ast.Name, context: Context) -> bool:
    """Whether the cursor is made in this function, and only this function has it."""
    found = context.definitions(name)
    if len(found) != 1 or found[0].value is None or found[0].kind not in _MADE:
        return False
    home = home_of(context, name)
    return (
        home_of(context, found[0].node) is home
        and not is_shared(name.id, name, context)
        and is_new(found[0].value, context)
        and all(
            home_of(context, use) is home and handled(context, use) != "shares"
            for use in uses_of(context, name)
        )
    )


def is_new(value: ast.expr, context: Context) -> bool:
    """Whether an expression makes a cursor that nothing else has."""
    match value:
        case ast.Await(value=awaited):
            return is_new(awaited, context)
        case ast.Call(func=ast.Attribute(attr="cursor")):
            return context.function_called(value) is None
        case ast.Call(args=[only]):
            name = context.qualified_name(value.func)
            if name == "contextlib.closing":
                return is_new(only, context)
            return name in tables().made
        case ast.Call():
            return context.qualified_name(value.func) in tables().made
    return False


def is_shared(name: str, at: ast.AST, context: Context) -> bool:
    """Whether a name bound here may be read or rebound by code that is elsewhere."""
    scope = context.scope(at)
    declared = scope.globals | scope.nonlocals | scope.shared
    return name in declared or scope.frame.dynamic
