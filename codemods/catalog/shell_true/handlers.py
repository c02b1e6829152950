"""What the handlers around a call catch and read."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.results import result_of

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context
    from codemods.model import Edit

FAILURES = {"subprocess.CalledProcessError", "subprocess.SubprocessError"}

OF_TEXT = ("decode", "strip", "rstrip", "split", "splitlines", "replace")
BROAD = {
    *("BaseException", "Exception", "OSError", "FileNotFoundError"),
    *("IOError", "EnvironmentError"),
}


def handlers_around(node: ast.AST, context: Context) -> list[ast.ExceptHandler]:
    """The handlers of the try statements whose body a node is in."""
    found: list[ast.ExceptHandler] = []
    inner: ast.AST = node
    for up in context.ancestors(node):
        if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            break
        if isinstance(up, ast.Try) and inner in up.body:
            found += up.handlers
        inner = up
    return found


def caught(handler: ast.ExceptHandler, context: Context) -> set[str]:
    """The qualified names of what a handler catches; "" for one that is not known."""
    match handler.type:
        case None:
            return {"BaseException"}
        case ast.Tuple(elts=elements):
            return {context.qualified_name(each) or "" for each in elements}
        case one:
            return {context.qualified_name(one) or ""}


def misses_missing(call: ShellCall, context: Context) -> bool:
    """Whether handlers around catch a failing command but not a missing program."""
    if not call.checks:
        return False
    handlers = handlers_around(call.node, context)
    names = {name for each in handlers for name in caught(each, context)}
    return bool(names & FAILURES) and not names & BROAD


def reads_text_of_command(call: ShellCall, context: Context) -> str | None:
    """Where code in view reads the command back: `.args`, or `.cmd` of the error."""
    if "args" in result_of(call.node, context).attributes:
        return "`.args` is read as text"
    for handler in handlers_around(call.node, context):
        for node in ast.walk(handler):
            if isinstance(node, ast.Attribute) and node.attr == "cmd":
                if isinstance(node.value, ast.Name) and node.value.id == handler.name:
                    return "`.cmd` of the error is read as text"
    return None


def widening(call: ShellCall, context: Context) -> Edit | None:
    """The handler that catches a failing command made to catch a missing program too.

    None where it could then catch something else, or looks at the exception.
    """
    statement = context.statement(call.node)
    around = context.parent(statement)
    if not isinstance(around, ast.Try) or around.body != [statement]:
        return None
    if "cwd" in call.keywords or not only_raises(call, statement, context):
        return None
    for handler in around.handlers:
        if caught(handler, context) & FAILURES and handler.type is not None:
            if handler.name is None or not reads(handler):
                kinds = context.text(handler.type)
                if isinstance(handler.type, ast.Tuple):
                    return context.replace(handler.type, f"{kinds[:-1]}, OSError)")
                return context.replace(handler.type, f"({kinds}, OSError)")
    return None


def only_raises(call: ShellCall, statement: ast.stmt, context: Context) -> bool:
    """Whether nothing but the call can raise OSError in its statement."""
    return all(
        node is call.node
        or context.is_pure(node)
        or (isinstance(node.func, ast.Attribute) and node.func.attr in OF_TEXT)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and node not in ast.walk(call.command)
    )


def reads(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == handler.name
        for node in ast.walk(handler)
    )
