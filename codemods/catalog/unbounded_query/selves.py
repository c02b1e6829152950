"""Attributes of `self`: which class of the file owns one, and what it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.context import Context
from codemods.facts.calls import Defined


def owner_of(context: Context, node: ast.Attribute) -> ast.ClassDef | None:
    """The class of the file whose instance or self `node` is an attribute of."""
    if not isinstance(node.value, ast.Name):
        return None
    for up in context.ancestors(node):
        if isinstance(up, Defined):
            given = [*up.args.posonlyargs, *up.args.args]
            home = context.parent(up)
            if (
                given
                and given[0].arg == node.value.id
                and isinstance(home, ast.ClassDef)
            ):
                return home
    name = context.qualified_name(node.value)
    known = context.facts.tree.every(ast.ClassDef) if name is not None else []
    return next((each for each in known if name == f".{each.name}"), None)


def stores(context: Context, owner: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    """Every value that a class gives an attribute: annotations where no value is."""
    for node in ast.walk(owner):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(_is_store(owner, context, target, name) for target in targets):
                    yield value
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                if _is_store(owner, context, target, name):
                    plain = value is None or isinstance(value, ast.Constant)
                    yield annotation if plain or value is None else value
            case ast.withitem(
                context_expr=value, optional_vars=ast.Attribute() as target
            ):
                if _is_store(owner, context, target, name):
                    yield value


def _is_store(
    owner: ast.ClassDef, context: Context, target: ast.expr, name: str
) -> bool:
    match target:
        case ast.Attribute(attr=attr):
            return attr == name and owner_of(context, target) is owner
        case ast.Name(id=bound):
            home = context.parent(context.statement(target))
            return bound == name and home is owner
    return False
