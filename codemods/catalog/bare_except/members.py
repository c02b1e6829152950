"""Attributes and methods of `self`, where its class stands in the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.bare_except.kinds import UNKNOWN, kind, union
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen

Function = (ast.FunctionDef, ast.AsyncFunctionDef)
# Types whose loggers and locks a subclass has no reason to replace by another kind.
TRUSTED = ("logging.Logger",)


def member(scene: Scene, node: ast.Attribute) -> Seen | None:
    """`self.name` that is read; None where that is not what this is."""
    owner = class_of(scene, node.value)
    if owner is None:
        return None
    found = definition(owner, node.attr)
    if isinstance(found, Function):
        return _method_or_property(scene, node, found)
    assigned = list(_assignments(scene, owner, node.attr))
    kinds = union(scene.kinds(value) for value in assigned) if assigned else UNKNOWN
    if kinds and all(one.name in TRUSTED for one in kinds):
        return Seen(kinds)
    seen = Seen(UNKNOWN)
    if not _is_set_early(owner, node.attr):
        seen = seen.raising("AttributeError")
    text = f"`{scene.named(node)}` is a plain attribute"
    return seen.doubting(scene.doubt("assumed", text, node))


def _method_or_property(
    scene: Scene, node: ast.Attribute, found: ast.FunctionDef | ast.AsyncFunctionDef
) -> Seen:
    if not found.decorator_list or _is_static(found):
        return Seen(kind("Method"))
    names = [ast.unparse(one) for one in found.decorator_list]
    if names in (["property"], ["cached_property"], ["functools.cached_property"]):
        text = f"no subclass overrides `{scene.named(node)}`"
        doubt = scene.doubt("assumed", text, node)
        return scene.function(scene, found, {}, node).doubting(doubt)
    text = f"`{scene.named(node)}`"
    return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))


def _is_static(found: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = [ast.unparse(one) for one in found.decorator_list]
    return names in (["staticmethod"], ["classmethod"])


def class_of(scene: Scene, receiver: ast.expr) -> ast.ClassDef | None:
    """The class whose method's first parameter `receiver` is."""
    if not isinstance(receiver, ast.Name):
        return None
    for up in scene.context.ancestors(receiver):
        if isinstance(up, Function):
            home = scene.context.parent(up)
            first = [*up.args.posonlyargs, *up.args.args][:1]
            if first and first[0].arg == receiver.id and isinstance(home, ast.ClassDef):
                static = any(
                    ast.unparse(one) == "staticmethod" for one in up.decorator_list
                )
                return None if static else home
    return None


def definition(owner: ast.ClassDef, name: str) -> ast.stmt | None:
    """The one statement of a class's body that binds a name."""
    found = [one for one in owner.body if name in _bound(one)]
    return found[0] if len(found) == 1 else None


def _bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Assign(targets=targets):
            return [one.id for one in targets if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _assignments(scene: Scene, owner: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(owner):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if _is_own(scene, owner, target, name) or (
                        isinstance(target, ast.Name)
                        and target.id == name
                        and node in owner.body
                    ):
                        yield value


def _is_own(scene: Scene, owner: ast.ClassDef, target: ast.expr, name: str) -> bool:
    match target:
        case ast.Attribute(value=ast.Name() as receiver, attr=attr):
            return attr == name and class_of(scene, receiver) is owner
    return False


def _is_set_early(owner: ast.ClassDef, name: str) -> bool:
    """Whether the class body or the first level of `__init__` binds an attribute."""
    if any(name in _bound(one) for one in owner.body):
        return True
    made = definition(owner, "__init__")
    if not isinstance(made, ast.FunctionDef) or not made.args.args:
        return False
    first = made.args.args[0].arg
    return any(
        isinstance(one, ast.Assign | ast.AnnAssign)
        and any(
            isinstance(target, ast.Attribute)
            and target.attr == name
            and isinstance(target.value, ast.Name)
            and target.value.id == first
            for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        )
        for one in made.body
    )


def stored(scene: Scene, node: ast.Attribute) -> Seen | None:
    """`self.name = ...`; None where that is not what this is."""
    owner = class_of(scene, node.value)
    if owner is None:
        return None
    text = f"`{scene.named(node)}` is a plain attribute"
    return NOTHING.doubting(scene.doubt("assumed", text, node))
