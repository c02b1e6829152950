"""Whether a value may be computed later, or more often, than it was."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.values import (
    Value,
)

if TYPE_CHECKING:
    from codemods.context import Context

SHOWS = ("debug", "info", "warning", "error", "exception", "critical", "log")

LASTING = ("list", "tuple", "set", "frozenset", "dict", "str")


def repeats(value: ast.expr, at: ast.stmt, context: Context) -> bool:
    """Whether a statement may run more often than the one that makes a value."""
    around = set(context.ancestors(value))
    loops = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef)
    ups = context.ancestors(at)
    return any(isinstance(up, loops) and up not in around for up in ups)


def read_again(part: str | Value, context: Context) -> str | Value:
    """Items that are read more than once now: an iterator would give them once."""
    match part:
        case Value("items" | "quoted items", node=node):
            names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
            again = [each for each in names if is_iterated(each, node, context)]
            if all(reads_again(each, context) for each in again):
                return part
            caveat = (
                f"`{part.element[1:]}` is read once for each call: no iterator may be"
            )
            return replace(part, caveats=(*part.caveats, caveat))
    return part


def is_iterated(name: ast.Name, node: ast.expr, context: Context) -> bool:
    up = context.parent(name)
    return name is node or isinstance(up, ast.comprehension | ast.Call | ast.Starred)


def reads_again(name: ast.Name, context: Context) -> bool:
    """Whether what a name holds can be iterated more than once."""
    if context.scope(name).is_comprehension and not context.definitions(name):
        return True
    kind = context.type_of(name)
    if kind is not None and kind.name in LASTING:
        return True
    for each in context.definitions(name):
        if isinstance(each.node, ast.alias | ast.FunctionDef):
            return True
        for use in context.uses(each):
            match context.parent(use):
                case ast.Subscript(value=value) if value is use:
                    return True
                case ast.Call(func=func) if context.is_builtin(func, "len"):
                    return True
    return not context.definitions(name)


def can_move(value: ast.expr, context: Context, at: ast.stmt) -> bool:
    """Whether evaluating `value` at a later statement gives what it gave."""
    if not context.still_holds(value, at) or not context.is_pure(value):
        return False
    home = context.statement(value)
    between = passed(home, at, context)
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute | ast.Subscript) and not is_module(
            node, context
        ):
            if between is None or not all(is_quiet(each, context) for each in between):
                return False
        if isinstance(node, ast.comprehension | ast.Starred) or is_spread(node):
            if between is None or not all_only_look(node, between, context):
                return False
    return True


def is_module(node: ast.expr, context: Context) -> bool:
    """`os.sep`, `shlex.quote`: what an imported module holds."""
    name = context.qualified_name(node)
    return name is not None


def is_spread(node: ast.AST) -> bool:
    """`join(names)`, `map(quote, names)`: a call that iterates what a name holds."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join") | ast.Name(id="map")):
            return True
    return False


def passed(home: ast.stmt, at: ast.stmt, context: Context) -> list[ast.stmt] | None:
    """The statements that may run between two; None where that cannot be told."""
    for block in ("body", "orelse", "finalbody"):
        siblings = getattr(context.parent(home), block, None)
        if isinstance(siblings, list) and home in siblings:
            rest = siblings[siblings.index(home) + 1 :]
            around = [at, *context.ancestors(at)]
            for index, each in enumerate(rest):
                if each in around:
                    inside = [
                        node
                        for node in ast.walk(each)
                        if isinstance(node, ast.stmt) and node is not at
                    ]
                    return [*rest[:index], *(inside if each is not at else [])]
    return None


def is_quiet(statement: ast.stmt, context: Context) -> bool:
    """Whether a statement changes no attribute or item of anything."""
    for node in ast.walk(statement):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()):
                return False
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                return False
            case ast.Yield() | ast.YieldFrom() | ast.Await():
                return False
            case ast.Call():
                name = context.qualified_name(node.func) or ""
                shows = isinstance(node.func, ast.Attribute) and node.func.attr in SHOWS
                quiet = name.startswith(("print", "subprocess.", "os.")) or shows
                quiet = quiet and not name.startswith("os.environ")
                if not quiet and not context.is_pure(node):
                    return False
    return True


def all_only_look(
    iterating: ast.AST, between: list[ast.stmt], context: Context
) -> bool:
    """Whether no statement between changes, or hands on, what is iterated."""
    ids = {node.id for node in ast.walk(iterating) if isinstance(node, ast.Name)}
    return all(
        context.facts.only_looks(node)
        for statement in between
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id in ids
    )
