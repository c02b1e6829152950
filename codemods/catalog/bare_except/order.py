"""Whether a function may run before a name is bound that it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from codemods.catalog.bare_except.handlers import inside
from codemods.catalog.bare_except.scene import Scene
from codemods.facts.scopes import Definition, Scope

CALLABLE = ("def", "class")


def may_be_early(
    scene: Scene, node: ast.Name, owner: Scope, bound: Sequence[Definition]
) -> bool:
    """Whether `node` may be read, from a function further in, before all of `bound`.

    So where its function stands above them, and something between is told of a function
    of the file, and may call it.
    """
    body = getattr(owner.node, "body", None)
    if scene.context.scope(node).frame is owner or not isinstance(body, list):
        return False
    reads = _place(scene, body, node)
    binds = [_place(scene, body, one.node) for one in bound]
    known = [place for place in binds if place is not None]
    if reads is None or not known or len(known) < len(binds) or min(known) < reads:
        return False
    return any(
        _is_callable(scene, owner, one)
        for one in inside(body[reads : min(known) + 1])
        if isinstance(one, ast.Name)
    )


def _place(scene: Scene, body: Sequence[ast.stmt], node: ast.AST) -> int | None:
    """Which statement of a body holds a node."""
    around = {id(up) for up in _with(scene, node)}
    found = (index for index, one in enumerate(body) if id(one) in around)
    return next(found, None)


def _with(scene: Scene, node: ast.AST) -> Iterator[ast.AST]:
    yield node
    yield from scene.context.ancestors(node)


def _is_callable(scene: Scene, owner: Scope, name: ast.Name) -> bool:
    if not isinstance(name.ctx, ast.Load):
        return False
    definitions = owner.definitions.get(name.id, ())
    return any(one.kind in CALLABLE for one in definitions)
