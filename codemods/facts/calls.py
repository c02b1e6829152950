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
            return _method(tree, owner, attr) if owner is not None else None
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


def _method(tree: Tree, owner: ast.ClassDef, name: str) -> Defined | None:
    found = [
        statement
        for statement in owner.body
        if isinstance(statement, Defined) and statement.name == name
    ]
    if len(found) != 1 or found[0].decorator_list:
        return None
    for other in _derived(tree, owner):
        if any(isinstance(each, Defined) and each.name == name for each in other.body):
            return None
    for each in tree.every(ast.Attribute):
        if each.attr == name and not isinstance(each.ctx, ast.Load):
            # `self.name = ...`, `Class.name = ...`
            return None
    return found[0]


def _derived(tree: Tree, owner: ast.ClassDef) -> list[ast.ClassDef]:
    """The classes of the file that have `owner` among their bases, at any remove."""
    names, found = {owner.name}, [owner]
    more = True
    while more:
        more = False
        for each in tree.every(ast.ClassDef):
            if each not in found and any(_base(base) in names for base in each.bases):
                names.add(each.name)
                found.append(each)
                more = True
    return found[1:]


def _base(base: ast.expr) -> str | None:
    """The name of a base class: `Base`, `Base[int]`, `module.Base`."""
    match base:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _base(value)
    return None
