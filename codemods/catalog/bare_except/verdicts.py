"""The names a handler is left with, by what its body raises and its siblings catch."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.naming import Named, chosen
from codemods.catalog.bare_except.raising import handled_names
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen

ANYTHING = [Named("Exception", "Exception")]


def names_for(
    scene: Scene,
    statement: ast.Try | ast.TryStar | ast.With,
    handler: ast.ExceptHandler | None,
    seen: Seen,
) -> list[Named]:
    """The exceptions to name; `Exception` where something may raise anything.

    Raises NotNameableError.
    """
    if any(one.sort == "unknown" for one in seen.doubts):
        return chosen(scene, ["Exception"], (), statement, lookup=False)
    caught: list[str] = []
    if isinstance(statement, ast.Try | ast.TryStar):
        for other in statement.handlers:
            if other is handler:
                break
            caught += handled_names(scene, other) or ()
    lookup = bool(scene.context.options.get("lookup"))
    return chosen(scene, seen.raises, caught, statement, lookup=lookup)
