"""Which function of the same file a call reaches."""

from __future__ import annotations

import ast

from codemods.facts.flow import Flow
from codemods.facts.tree import Tree

Defined = ast.FunctionDef | ast.AsyncFunctionDef


def function_called(tree: Tree, flow: Flow, call: ast.Call) -> Defined | None:
    """The one definition that `name(...)` or `self.name(...)` reaches, undecorated.

    A method counts where its class, and no class derived from it in the file,
    defines it once; a subclass in another file is not seen.
    """
    match call.func:
        case ast.Name():
            reaching = flow.reaching(call.func)
            found = [each.node for each in reaching if each.kind != "unbound"]
            if len(found) == 1 and isinstance(found[0], Defined):
                return found[0] if not found[0].decorator_list else None
        case ast.Attribute(value=ast.Name() as receiver, attr=attr):
            owner = _class_of_self(tree, receiver)
            return _method(flow, owner, attr) if owner is not None else None
    return None


def _class_of_self(tree: Tree, receiver: ast.Name) -> ast.ClassDef | None:
    """The class whose method has `receiver` as its first parameter."""
    for up in tree.ancestors(receiver):
        if isinstance(up, Defined):
            given = [*up.args.posonlyargs, *up.args.args]
            home = tree.parent(up)
            first = given[0].arg if given else None
            if first == receiver.id and isinstance(home, ast.ClassDef):
                static = any(
                    isinstance(each, ast.Name) and each.id == "staticmethod"
                    for each in up.decorator_list
                )
                return None if static else home
    return None


def _method(flow: Flow, owner: ast.ClassDef, name: str) -> Defined | None:
    found = [
        statement
        for statement in owner.body
        if isinstance(statement, Defined) and statement.name == name
    ]
    if len(found) != 1 or found[0].decorator_list:
        return None
    for other in flow.scopes.of_node:
        if isinstance(other, ast.ClassDef) and other is not owner:
            derived = any(
                isinstance(base, ast.Name) and base.id == owner.name
                for base in other.bases
            )
            if derived and any(
                isinstance(each, Defined) and each.name == name for each in other.body
            ):
                return None
    return found[0]
