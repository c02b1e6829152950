"""The verdict on one handler."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except import handlers, loggers, policy, rewrite
from codemods.catalog.bare_except.analysis import scene_of
from codemods.catalog.bare_except.anytime import with_signals
from codemods.catalog.bare_except.caveats import caveat
from codemods.catalog.bare_except.naming import Named, NotNameableError
from codemods.catalog.bare_except.relatives import SUPPRESS, broad_handler, suppressing
from codemods.catalog.bare_except.verdicts import names_for
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

NOTHING_LEFT = "nothing is left for this handler to catch but exits and interrupts"


def judge(handler: ast.ExceptHandler, context: Context) -> Verdict:
    """A handler: bare, or by option one that is broad though it has a name."""
    whole = context.parent(handler)
    if not isinstance(whole, ast.Try | ast.TryStar):
        return None
    if handler.type is not None:
        wanted = context.options.get("relatives")
        return broad_handler(context, whole, handler) if wanted else None
    scene = scene_of(context)
    stays = policy.reason_to_stay(scene, whole, handler)
    if stays is not None:
        return Decline(stays)
    seen = with_signals(scene, whole, scene.run(whole.body))
    stays = policy.reason_by_raises(seen)
    if stays is not None:
        return Decline(stays)
    try:
        named = names_for(scene, whole, handler, seen)
    except NotNameableError as error:
        return Decline(str(error))
    if not named:
        return Decline("; ".join(filter(None, (NOTHING_LEFT, caveat(seen.doubts)))))
    return _fix(context, whole, handler, named, caveat(seen.doubts))


def judge_with(node: ast.With, context: Context) -> Verdict:
    return suppressing(context, node) if context.options.get("relatives") else None


def _fix(
    context: Context,
    whole: ast.Try | ast.TryStar,
    handler: ast.ExceptHandler,
    named: list[Named],
    why: str | None,
) -> Fix:
    imports = tuple(one for each in named for one in each.imports)
    with_ = _as_with(context, whole, handler, named)
    if with_ is not None:
        edits, more = with_
        return Fix(edits, why, None, (*imports, *more))
    changed: list[Edit] = [rewrite.head(context, handler, named)]
    line = _log_line(context, handler)
    message = None
    if line is not None:
        changed.append(rewrite.logged(context, handler, line))
        if handlers.in_loop(context, handler):
            message = "a bare except in a loop: the log line is written once a round"
    return Fix(tuple(changed), why, message, imports)


def _as_with(
    context: Context,
    whole: ast.Try | ast.TryStar,
    handler: ast.ExceptHandler,
    named: list[Named],
) -> tuple[tuple[Edit, ...], tuple[str, ...]] | None:
    """By option, a handler that only passes as `with suppress(...)`."""
    silent = len(handler.body) == 1 and isinstance(handler.body[0], ast.Pass)
    alone = len(whole.handlers) == 1 and not whole.orelse and not whole.finalbody
    if not context.options.get("suppress") or not (silent and alone):
        return None
    if not isinstance(whole, ast.Try):
        return None
    try:
        text, imports = context.spelling(SUPPRESS, whole)
    except LookupError:
        return None
    edits = rewrite.suppressed(context, whole, text, named)
    return (edits, imports) if edits is not None else None


def _log_line(context: Context, handler: ast.ExceptHandler) -> str | None:
    level = context.options.get("log")
    if not isinstance(level, str) or level in ("", "off"):
        return None
    return (
        None if handlers.speaks(handler.body) else loggers.line(context, handler, level)
    )
