"""Whether code in view tells a failing command from a missing program."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.handlers import (
    BROAD,
    FAILURES,
    caught,
    raises_again,
    tells,
    tries_around,
)

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

EVERYTHING = {"BaseException", "Exception"}


def misses_missing(call: ShellCall, context: Context) -> bool:
    """Whether code in view tells a failing command from a missing program.

    A handler may catch only one of them, or look at which it has caught; so may
    one around the callers of the function that the call is in.
    """
    if not call.may_check:
        return False
    if suppressed(call.node, context):
        return True
    for around in tries_around(call.node, context):
        match catchers(around, context):
            case None, None:
                continue
            case one, other if one is not other:
                return True
            case ast.ExceptHandler() as one, _:
                if tells(one, context):
                    return True
                if not raises_again(one):
                    return False
    return told_by_callers(call, context)


def catchers(
    around: ast.Try | ast.TryStar, context: Context
) -> tuple[ast.ExceptHandler | None, ast.ExceptHandler | None]:
    """The handlers that a failing command, and a missing program, come to.

    What is not known to be caught is taken to be a failing command.
    """
    failing = FAILURES | EVERYTHING | {""}
    of_failing, of_missing = (
        next((h for h in around.handlers if caught(h, context) & names), None)
        for names in (failing, BROAD)
    )
    return of_failing, of_missing


def suppressed(node: ast.AST, context: Context) -> bool:
    """Whether `with suppress(CalledProcessError):` or the like is around a node."""
    for up in context.ancestors(node):
        if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            break
        if isinstance(up, ast.With | ast.AsyncWith):
            given = [
                context.qualified_name(argument)
                for item in up.items
                if isinstance(item.context_expr, ast.Call)
                for argument in item.context_expr.args
                if isinstance(argument, ast.Name | ast.Attribute)
            ]
            if FAILURES & set(given) and not BROAD & set(given):
                return True
    return False


def told_by_callers(call: ShellCall, context: Context) -> bool:
    """Whether a handler around what may call this function tells the two apart."""
    home = enclosing_function(call.node, context)
    if home is None:
        return False
    names = calling(home, context)
    catching: list[ast.Try | ast.TryStar | ast.With] = [
        *context.every(ast.Try),
        *context.every(ast.TryStar),
        *context.every(ast.With),
    ]
    for around in catching:
        inside = (node for each in around.body for node in ast.walk(each))
        reached = [n for n in inside if isinstance(n, ast.Call) and called(n) in names]
        if reached and isinstance(around, ast.With):
            if suppressed(reached[0], context):
                return True
        elif reached and isinstance(around, ast.Try | ast.TryStar):
            one, other = catchers(around, context)
            if one is not other or (one is not None and tells(one, context)):
                return True
    return False


def enclosing_function(
    node: ast.AST, context: Context
) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    for up in context.ancestors(node):
        if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef):
            return up
    return None


def calling(home: ast.FunctionDef | ast.AsyncFunctionDef, context: Context) -> set[str]:
    """The names by which a function may be called, directly or through others."""
    names: set[str] = set()
    waiting: list[ast.FunctionDef | ast.AsyncFunctionDef] = [home]
    sites = context.every(ast.Call)
    while waiting:
        function = waiting.pop()
        own = {function.name}
        up = context.parent(function)
        if isinstance(up, ast.ClassDef) and function.name.startswith("__"):
            own.add(up.name)
        if own <= names:
            continue
        names |= own
        for site in sites:
            if called(site) in own:
                caller = enclosing_function(site, context)
                waiting += [caller] if caller is not None else []
    return names


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
