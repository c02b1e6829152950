"""Values that are among a few which the file writes out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.parsed import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codemods.context import Context
    from codemods.facts.scopes import Definition

Display = ast.List | ast.Tuple | ast.Set


def alternatives(node: ast.expr, context: Context) -> Sequence[ast.expr] | None:
    """The expressions of which `node` is one, None where that is not in view."""
    match node:
        case ast.Name():
            bound = [d for d in context.definitions(node) if d.kind != "unbound"]
            return looped(bound[0], context) if len(bound) == 1 else None
        case ast.Subscript(value=held):
            match written(held, context):
                case ast.Dict(keys=keys, values=values) if None not in keys:
                    return values
                case ast.List(elts=items) | ast.Tuple(elts=items):
                    return None if isinstance(node.slice, ast.Slice) else items
        case ast.Call(args=[], keywords=[]):
            return returned(node, context)
        case ast.Attribute():
            return parsed(node, context)
    return None


def looped(definition: Definition, context: Context) -> Sequence[ast.expr] | None:
    """What the variable of a `for` over something written out takes in turn."""
    target = definition.node
    if definition.value is None or definition.kind not in ("for", "unpack"):
        return None
    items = iterated(definition.value, context)
    around = context.parent(target)
    match around:
        case ast.For(target=whole) | ast.comprehension(target=whole):
            return items if whole is target else None
        case ast.Tuple(elts=names) if items is not None:
            loop = context.parent(around)
            if not isinstance(loop, ast.For | ast.comprehension):
                return None
            index = names.index(target) if target in names else -1
            return column(items, index, len(names))
    return None


def iterated(node: ast.expr, context: Context) -> Sequence[ast.expr] | None:
    """The items of a list, tuple, set or dict that is written out."""
    match node:
        case ast.Call(func=ast.Attribute(value=held, attr="items"), args=[]):
            match written(held, context):
                case ast.Dict(keys=keys, values=values):
                    given = [key for key in keys if key is not None]
                    pairs = zip(given, values, strict=len(given) == len(values))
                    pair = [ast.Tuple([k, v], ast.Load()) for k, v in pairs]
                    return pair if len(given) == len(keys) else None
            return None
    match written(node, context):
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            starred = any(isinstance(each, ast.Starred) for each in items)
            return None if starred else items
        case ast.Dict(keys=keys):
            given = [key for key in keys if key is not None]
            return given if len(given) == len(keys) else None
    return None


def column(
    items: Sequence[ast.expr], index: int, width: int
) -> Sequence[ast.expr] | None:
    """One place of items that are tuples, all of one length."""
    found: list[ast.expr] = []
    for item in items:
        match item:
            case ast.Tuple(elts=parts) if len(parts) == width:
                found.append(parts[index])
            case _:
                return None
    return found if index >= 0 else None


def written(node: ast.expr, context: Context) -> ast.expr | None:
    """A display as it stands here, or in a variable that nothing changes."""
    if not isinstance(node, ast.Name):
        return node if isinstance(node, Display | ast.Dict) else None
    bound = [d for d in context.definitions(node) if d.kind != "unbound"]
    match bound:
        case [only] if only.kind == "assign" and context.facts.unchanged(only):
            value = only.value
            return value if isinstance(value, Display | ast.Dict) else None
    return None


def returned(call: ast.Call, context: Context) -> Sequence[ast.expr] | None:
    """What a function of the file returns, where that is constants alone."""
    function = context.function_called(call)
    if not isinstance(function, ast.FunctionDef):
        return None
    if not isinstance(function.body[-1], ast.Return):
        return None
    found: list[ast.expr] = []
    for node in ast.walk(function):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node is not function:
                return None
            case ast.Return(value=ast.Constant() as value):
                found.append(value)
            case ast.Return() | ast.Yield() | ast.YieldFrom():
                return None
    return found
