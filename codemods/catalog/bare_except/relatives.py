"""The near relatives, by option: what is broad though it has a name."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except import policy, rewrite
from codemods.catalog.bare_except.analysis import scene_of
from codemods.catalog.bare_except.caveats import caveat
from codemods.catalog.bare_except.naming import Named, NotNameableError
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen
from codemods.catalog.bare_except.verdicts import ANYTHING, names_for
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

SUPPRESS = "contextlib.suppress"
CHOSEN = "somebody wrote `{}`, perhaps on purpose"


def broad_handler(
    context: Context, whole: ast.Try | ast.TryStar, handler: ast.ExceptHandler
) -> Verdict:
    """`except BaseException:` that keeps it, and `except Exception: pass`."""
    assert handler.type is not None
    name = context.qualified_name(handler.type)
    silent = len(handler.body) == 1 and isinstance(handler.body[0], ast.Pass)
    if name != "BaseException" and not (name == "Exception" and silent):
        return None
    scene = scene_of(context)
    if name == "BaseException":
        stays = policy.reason_to_stay(scene, whole, handler)
        if stays is not None:
            return Decline(stays)
    seen = scene.run(whole.body)
    return _narrowed(scene, seen, handler.type, whole, name, handler)


def suppressing(context: Context, node: ast.With) -> Verdict:
    """`with suppress(BaseException):`."""
    for item in node.items:
        match item.context_expr:
            case ast.Call(func=func, args=[ast.Name(id="BaseException") as broad]) if (
                context.qualified_name(func) == SUPPRESS
            ):
                scene = scene_of(context)
                seen = scene.run(node.body)
                return _narrowed(scene, seen, broad, node, "BaseException", None)
    return None


def _narrowed(
    scene: Scene,
    seen: Seen,
    broad: ast.expr,
    statement: ast.Try | ast.TryStar | ast.With,
    name: str,
    handler: ast.ExceptHandler | None,
) -> Verdict:
    stays = policy.reason_by_raises(seen) if name == "BaseException" else None
    if stays is not None:
        return Decline(stays)
    try:
        named = names_for(scene, statement, handler, seen)
    except NotNameableError as error:
        return Decline(str(error))
    if named == ANYTHING and name == "Exception":
        return Decline(caveat(seen.doubts) or "the body raises Exception itself")
    if not named:
        return Decline("nothing in the body raises anything that is counted")
    written = CHOSEN.format(scene.context.text(broad))
    why = "; ".join(filter(None, (written, caveat(seen.doubts))))
    imports = tuple(one for each in named for one in each.imports)
    start, end = scene.context.span(broad)
    return Fix((Edit(start, end, _text(named, handler)),), why, None, imports)


def _text(named: list[Named], handler: ast.ExceptHandler | None) -> str:
    if handler is None:
        return ", ".join(one.text for one in named)
    return rewrite.as_tuple(named, "")
