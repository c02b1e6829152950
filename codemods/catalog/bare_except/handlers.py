"""What a handler does: whether it swallows, speaks, cleans up or leaves."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from codemods.context import Context

SPEAKS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log",
          "fatal", "print_exc", "print_exception", "format_exc", "exc_info", "secho",
          "echo", "capture_exception", "print_stack", "showwarning")  # fmt: skip
CLEANS = ("kill", "terminate", "killpg", "close", "remove", "unlink", "rmtree", "rmdir",
          "release", "shutdown", "cancel", "rollback", "cleanup", "stop",
          "disconnect", "quit")  # fmt: skip


def inside(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes that run with these statements: none of nested functions."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        yield node
        nested = isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        )
        if not nested:
            stack.extend(ast.iter_child_nodes(node))


def reraises(body: Sequence[ast.stmt]) -> bool:
    """Whether every way through ends in a bare `raise`."""
    match body[-1]:
        case ast.Raise(exc=None):
            return not any(
                isinstance(node, ast.Return | ast.Break | ast.Continue)
                for node in inside(body)
            )
        case ast.If(body=yes, orelse=no) if no:
            return reraises(yes) and reraises(no)
        case ast.With(body=within):
            return reraises(within)
    return False


def speaks(body: Sequence[ast.stmt]) -> bool:
    """Whether a handler tells somebody: prints, logs, raises, shows a traceback."""
    for node in inside(body):
        match node:
            case ast.Raise():
                return True
            case ast.Call(func=ast.Name(id=name)) if name in ("print", "warn", *SPEAKS):
                return True
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in SPEAKS:
                return True
            case ast.Attribute(attr="exc_info" | "last_traceback" | "stderr"):
                return True
    return False


def cleans(body: Sequence[ast.stmt]) -> bool:
    """Whether a handler undoes something: kills, closes, removes."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id)
        in CLEANS
        for node in inside(body)
    )


def leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a handler may end the loop around it."""
    for node in inside(body):
        match node:
            case ast.Return() | ast.Break() | ast.Raise():
                return True
            case ast.Call(func=ast.Attribute(attr="exit" | "_exit" | "abort")):
                return True
            case ast.Call(func=ast.Name(id="exit" | "quit")):
                return True
    return False


def endless_loop(context: Context, node: ast.AST) -> ast.While | None:
    """The `while True` that is the nearest loop around a node of its function."""
    for up in context.ancestors(node):
        match up:
            case ast.While(test=ast.Constant(value=value)) if value:
                return up
            case ast.For() | ast.While() | ast.AsyncFor():
                return None
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return None
    return None


def in_loop(context: Context, node: ast.AST) -> bool:
    for up in context.ancestors(node):
        if isinstance(up, ast.For | ast.While | ast.AsyncFor):
            return True
        if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return False
    return False


def function_around(
    context: Context, node: ast.AST
) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    for up in context.ancestors(node):
        if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef):
            return up
        if isinstance(up, ast.ClassDef | ast.Lambda):
            return None
    return None
