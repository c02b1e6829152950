"""How code handles an object that holds rows: asks anew, reads on, gives it away."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from codemods.catalog.unbounded_query.callers import attributes
from codemods.context import Context
from codemods.facts.calls import Defined

# `asks` ends the result before; `shares` lets other code read unseen.
Handling = Literal["asks", "reads", "quiet", "shares"]

_QUIET = {"close", "connection", "commit", "rollback", "cursor", "lastrowid",
          "rowcount", "description", "row_factory", "arraysize"}  # fmt: skip


def handled(context: Context, use: ast.expr) -> Handling:
    """What one use of a cursor does."""
    up = context.parent(use)
    match up:
        case ast.Attribute(attr=attr):
            call = context.parent(up)
            if not isinstance(call, ast.Call) or call.func is not up:
                return "quiet" if attr in _QUIET else "shares"
            return _called(context, call, attr)
        case ast.For(iter=it) if it is use:
            return "reads"
        case (
            ast.If() | ast.Compare() | ast.UnaryOp() | ast.withitem(optional_vars=None)
        ):
            return "quiet"
    return "shares"


def _called(context: Context, call: ast.Call, method: str) -> Handling:
    if method in _QUIET:
        return "quiet"
    if method.startswith("fetch"):
        return "reads"
    return _asked(context, call) if method.startswith("execute") else "shares"


def _asked(context: Context, call: ast.Call) -> Handling:
    """`execute` may give the cursor itself: a name for that is an alias."""
    up = outer(context, call)
    match context.parent(up):
        case ast.Expr():
            return "asks"
        case ast.For(iter=it) if it is up:
            return "reads"
        case ast.Attribute(attr=attr) as further if attr.startswith("fetch"):
            last = context.parent(further)
            called = isinstance(last, ast.Call) and last.func is further
            return "asks" if called else "shares"
    return "shares"


def outer(context: Context, node: ast.expr) -> ast.expr:
    """The expression itself, or the `await` around it."""
    up = context.parent(node)
    return up if isinstance(up, ast.Await) else node


def uses_of(context: Context, cursor: ast.expr) -> list[ast.expr]:
    """Every place of the file that may read the same name or attribute, in order."""
    found: set[ast.expr] = set()
    match cursor:
        case ast.Name():
            for definition in context.definitions(cursor):
                found.update(context.uses(definition))
        case ast.Attribute(attr=attr):
            spelled = ast.dump(cursor)
            same = attributes(context).get(attr, ())
            found.update(each for each in same if ast.dump(each) == spelled)
    return sorted(found, key=context.span)


def home_of(context: Context, node: ast.AST) -> ast.AST:
    """The function that runs a place, or the file; a generator runs on its own too."""
    return next(iter(_homes(context, node)), context.tree)


def _homes(context: Context, node: ast.AST) -> Iterator[ast.AST]:
    for up in context.ancestors(node):
        if isinstance(up, Defined | ast.Lambda | ast.GeneratorExp | ast.ClassDef):
            yield up
