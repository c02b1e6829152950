"""Calls of the functions of the same file, and what goes to which parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from codemods.context import Context
from codemods.facts.calls import Defined
from codemods.facts.scopes import Definition


def calls_to(context: Context, function: Defined) -> list[ast.Call]:
    """Every call in the file that reaches one of its functions."""
    return [
        call
        for call in _calls(context).get(function.name, ())
        if context.function_called(call) is function
    ]


@lru_cache(maxsize=1)
def _calls(context: Context) -> dict[str | None, list[ast.Call]]:
    """The calls of a file by the last part of what they call."""
    found: dict[str | None, list[ast.Call]] = {}
    for call in context.facts.tree.every(ast.Call):
        found.setdefault(_last_name(call.func), []).append(call)
    return found


@lru_cache(maxsize=1)
def attributes(context: Context) -> dict[str, list[ast.Attribute]]:
    """The attributes of a file by their name."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in context.facts.tree.every(ast.Attribute):
        found.setdefault(node.attr, []).append(node)
    return found


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def parameters(function: Defined) -> list[str]:
    return [each.arg for each in [*function.args.posonlyargs, *function.args.args]]


def argument_for(call: ast.Call, function: Defined, name: str) -> ast.expr | None:
    """What a call passes for a parameter, by name or by place."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = parameters(function)
    if name not in names:
        return None
    index = names.index(name) - isinstance(call.func, ast.Attribute)
    plain = not any(isinstance(each, ast.Starred) for each in call.args)
    return call.args[index] if plain and 0 <= index < len(call.args) else None


def parameter_for(call: ast.Call, function: Defined, given: ast.expr) -> str | None:
    """The parameter that receives an argument of a call."""
    for keyword in call.keywords:
        if keyword.value is given:
            return keyword.arg
    if given not in call.args or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    index = call.args.index(given) + isinstance(call.func, ast.Attribute)
    names = parameters(function)
    return names[index] if index < len(names) else None


def parameters_named(
    context: Context, function: Defined, name: str
) -> Iterator[Definition]:
    scope = context.facts.scopes.of_node.get(function)
    for definition in scope.definitions.get(name, ()) if scope is not None else ():
        if definition.kind == "param":
            yield definition
