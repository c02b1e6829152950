"""`raise`, and what a `try` inside the body lets out."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except import exceptions
from codemods.catalog.bare_except.classes import is_a, is_exception
from codemods.catalog.bare_except.exceptions import cause
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined

EVERYTHING = ("Exception", "BaseException")


def raise_(scene: Scene, node: ast.Raise) -> Seen:
    """A raise: the class by name, an instance, what is being handled, or unknown."""
    seen = cause(scene, node.cause)
    if node.exc is None:
        return joined((seen, _handled(scene, node)))
    named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = scene.context.qualified_name(named)
    if name is not None and is_exception(scene, name):
        made = scene.see(node.exc)
        if not isinstance(node.exc, ast.Call):
            made = made.after(exceptions.made(scene, node.exc, name))
        return joined((seen, made)).raising(_builtin(name))
    if isinstance(node.exc, ast.Name):
        handler = _handler_of(scene, node.exc)
        if handler is not None:
            return joined((seen, caught_by(scene, handler)))
    text = f"`{scene.named(node)}`"
    return seen.doubting(scene.doubt("unknown", text, node))


def _builtin(name: str) -> str:
    aliases = {"IOError": "OSError", "EnvironmentError": "OSError"}
    return aliases.get(name, name)


def _handled(scene: Scene, node: ast.Raise) -> Seen:
    handler = scene.context.enclosing(node, ast.ExceptHandler)
    if handler is None:
        return NOTHING.raising("RuntimeError")
    return caught_by(scene, handler)


def _handler_of(scene: Scene, name: ast.Name) -> ast.ExceptHandler | None:
    """The handler whose `as` bound a name, if nothing else did."""
    found = scene.context.definitions(name)
    if len(found) == 1 and found[0].kind == "except":
        node = found[0].node
        return node if isinstance(node, ast.ExceptHandler) else None
    return None


def caught_by(scene: Scene, handler: ast.ExceptHandler) -> Seen:
    """What may arrive in a handler of a `try` in view."""
    whole = scene.context.parent(handler)
    assert isinstance(whole, ast.Try | ast.TryStar)
    body = scene.run(whole.body)
    names = handled_names(scene, handler)
    if names is None:
        return body
    arriving = [
        one
        for one in body.raises
        if any(is_a(scene, one, name) or is_a(scene, name, one) for name in names)
    ]
    return NOTHING.raising(*arriving).doubting(*body.doubts)


def handled_names(scene: Scene, handler: ast.ExceptHandler) -> list[str] | None:
    """The exceptions a handler names; None for a bare one, or one not understood."""
    if handler.type is None:
        return None
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [scene.context.qualified_name(part) for part in parts]
    if any(name is None or not is_exception(scene, name) for name in names):
        return None
    return [_builtin(name) for name in names if name is not None]


def try_(scene: Scene, node: ast.Try | ast.TryStar) -> Seen:
    """What gets out of a `try`: uncaught, or raised on the way."""
    body = scene.run(node.body)
    left = body
    for handler in node.handlers:
        left = _less(scene, left, handler)
    rest = [scene.run(handler.body) for handler in node.handlers]
    types = [scene.see(one.type) for one in node.handlers if one.type is not None]
    return joined(
        [left, *rest, *types, scene.run(node.orelse), scene.run(node.finalbody)]
    )


def _after_bare(left: Seen) -> Seen:
    """What gets past a bare handler once it is narrowed itself, by what it assumes."""
    if any(one.sort == "unknown" for one in left.doubts):
        return NOTHING
    return NOTHING.doubting(*left.doubts)


def _less(scene: Scene, left: Seen, handler: ast.ExceptHandler) -> Seen:
    """What is left of a body's exceptions after one handler."""
    if handler.type is None:
        return _after_bare(left)
    names = handled_names(scene, handler)
    if names is None:
        return left
    kept = [
        one for one in left.raises if not any(is_a(scene, one, name) for name in names)
    ]
    if any(name in EVERYTHING for name in names):
        return NOTHING.raising(*kept)
    return NOTHING.raising(*kept).doubting(*left.doubts)
