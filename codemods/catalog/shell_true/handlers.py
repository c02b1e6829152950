"""What the handlers around a call catch and read."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

FAILURES = {"subprocess.CalledProcessError", "subprocess.SubprocessError"}

OF_ERROR = {"returncode", "output", "stdout", "stderr"}
CURRENT = ("sys.exc_info", "sys.exception")
BROAD = {
    *("BaseException", "Exception", "OSError", "FileNotFoundError"),
    *("IOError", "EnvironmentError"),
}


def tries_around(node: ast.AST, context: Context) -> list[ast.Try | ast.TryStar]:
    """The try statements whose body a node is in, innermost first."""
    found: list[ast.Try | ast.TryStar] = []
    inner: ast.AST = node
    for up in context.ancestors(node):
        if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            break
        if isinstance(up, ast.Try | ast.TryStar) and inner in up.body:
            found.append(up)
        inner = up
    return found


def handlers_around(node: ast.AST, context: Context) -> list[ast.ExceptHandler]:
    """The handlers of the try statements whose body a node is in."""
    return [each for one in tries_around(node, context) for each in one.handlers]


def caught(handler: ast.ExceptHandler, context: Context) -> set[str]:
    """The qualified names of what a handler catches; "" for one that is not known."""
    match handler.type:
        case None:
            return {"BaseException"}
        case ast.Tuple(elts=elements):
            return {context.qualified_name(each) or "" for each in elements}
        case one:
            return {context.qualified_name(one) or ""}


def tells(handler: ast.ExceptHandler, context: Context) -> bool:
    """Whether a handler looks at what kind of exception it has caught."""
    for node in ast.walk(handler):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                if name == handler.name and attr in OF_ERROR:
                    return True
            case ast.Call(func=func):
                if context.qualified_name(func) in ("isinstance", "type", *CURRENT):
                    return True
            case ast.Match(subject=ast.Name(id=name)) if name == handler.name:
                return True
    return False


def raises_again(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Raise)
        and (
            node.exc is None
            or (isinstance(node.exc, ast.Name) and node.exc.id == handler.name)
        )
        for node in ast.walk(handler)
    )


def reads_error(call: ShellCall, attributes: set[str], context: Context) -> bool:
    """Whether a handler around a call reads one of the attributes of its error."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in attributes
        and isinstance(node.value, ast.Name)
        and node.value.id == handler.name
        for handler in handlers_around(call.node, context)
        for node in ast.walk(handler)
    )
