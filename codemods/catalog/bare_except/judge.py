"""The verdict on one handler."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except import handlers, loggers, policy, rewrite
from codemods.catalog.bare_except.analysis import scene_of
from codemods.catalog.bare_except.caveats import caveat
from codemods.catalog.bare_except.naming import Named, NotNameableError, chosen
from codemods.catalog.bare_except.raising import handled_names
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

ANYTHING = [Named("Exception", "Exception")]


def judge(handler: ast.ExceptHandler, context: Context) -> Verdict:
    whole = context.parent(handler)
    if handler.type is not None or not isinstance(whole, ast.Try | ast.TryStar):
        return None
    scene = scene_of(context)
    stays = policy.reason_to_stay(scene, whole, handler)
    if stays is not None:
        return Decline(stays)
    seen = scene.run(whole.body)
    stays = policy.reason_by_raises(seen)
    if stays is not None:
        return Decline(stays)
    try:
        named = _named(scene, whole, handler, seen)
    except NotNameableError as error:
        return Decline(str(error))
    if not named:
        return Decline("nothing in the body raises what this handler would be left with")
    return _fix(context, handler, named, seen)


def _named(
    scene: Scene, whole: ast.Try | ast.TryStar, handler: ast.ExceptHandler, seen: Seen
) -> list[Named]:
    if any(one.sort == "unknown" for one in seen.doubts):
        return ANYTHING
    caught = [
        name
        for other in whole.handlers
        if other is not handler
        for name in handled_names(scene, other) or ()
    ]
    lookup = bool(scene.context.options.get("lookup"))
    return chosen(scene, seen.raises, caught, whole, lookup=lookup)


def _fix(
    context: Context, handler: ast.ExceptHandler, named: list[Named], seen: Seen
) -> Fix:
    edits: list[Edit] = [rewrite.head(context, handler, named)]
    line = _log_line(context, handler)
    message = None
    if line is not None:
        edits.append(rewrite.logged(context, handler, line))
        if handlers.in_loop(context, handler):
            message = "a bare except in a loop: the log line is written once a round"
    imports = tuple(one for each in named for one in each.imports)
    return Fix(tuple(edits), caveat(seen.doubts), message, imports)


def _log_line(context: Context, handler: ast.ExceptHandler) -> str | None:
    level = context.options.get("log")
    if not isinstance(level, str) or level in ("", "off") or handlers.speaks(handler.body):
        return None
    return loggers.line(context, handler, level)
