"""What made a value: the call behind a name, an attribute of `self` or a parameter."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.selves import owner_of, stores
from codemods.context import Context

DEEPEST = 6  # names on the way


def maker(context: Context, node: ast.expr, depth: int = 0) -> str | None:
    """The qualified name of what made a value: a class, or a function that returns it.

    `boto3.client("sqs")` is "boto3.client:sqs": with its first argument, where that is
    a string. None where the value is not known to come from one place.
    """
    if depth > DEEPEST:
        return None
    match node:
        case ast.Call():
            return of_call(context, node, depth)
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return maker(context, value, depth + 1)
        case ast.Name():
            return of_name(context, node, depth)
        case ast.Attribute():
            return of_attribute(context, node, depth)
    return None


def of_call(context: Context, node: ast.Call, depth: int) -> str | None:
    name = context.qualified_name(node.func)
    if name is not None and not name.startswith("."):
        match node.args:
            case [ast.Constant(value=str() as first), *_]:
                return f"{name}:{first}"
        return name
    function = context.function_called(node)
    if function is None:
        return None
    returned = [
        maker(context, each.value, depth + 1)
        for each in ast.walk(function)
        if isinstance(each, ast.Return) and each.value is not None
    ]
    return returned[0] if len(set(returned)) == 1 else None


def of_name(context: Context, node: ast.Name, depth: int) -> str | None:
    value = context.value_of(node)
    if value is not None:
        return maker(context, value, depth + 1)
    bound = [each for each in context.definitions(node) if each.kind != "unbound"]
    if len(bound) != 1:
        return None
    if bound[0].annotation is not None:
        return context.qualified_name(bound[0].annotation)
    if bound[0].kind == "with" and bound[0].value is not None:
        return maker(context, bound[0].value, depth + 1)
    return None


def of_attribute(context: Context, node: ast.Attribute, depth: int) -> str | None:
    owner = owner_of(context, node)
    if owner is None:
        return None
    values = [
        each
        for each in stores(context, owner, node.attr)
        if not (isinstance(each, ast.Constant) and each.value is None)
    ]
    found = {
        maker(context, each, depth + 1) or context.qualified_name(each)
        for each in values
    }
    return found.pop() if len(found) == 1 else None
