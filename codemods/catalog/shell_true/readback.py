"""Whether code in view reads a command back as the text that it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.handlers import FAILURES, caught, handlers_around
from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.telling import called, calling, enclosing_function

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

ARGS = "`.args` is read as text"
CMD = "`.cmd` of the error is read as text"
RAISED = FAILURES | {"subprocess.TimeoutExpired"}


def reads_text_of_command(call: ShellCall, context: Context) -> str | None:
    """Where code in view reads the command back: `.args`, or `.cmd` of the error."""
    result = result_of(call.node, context)
    if "args" in result.attributes or (result.escapes and others_args(call, context)):
        return ARGS
    for handler in reached(call, context):
        if any(reads_error(each, handler, context) for each in ast.walk(handler)):
            return CMD
    return None


def others_args(call: ShellCall, context: Context) -> bool:
    """Whether the file reads `.args` of what may be a result that was handed on."""
    if call.returns not in ("process", "popen"):
        return False
    for node in context.every(ast.Attribute):
        if node.attr == "args" and isinstance(node.ctx, ast.Load):
            own = isinstance(node.value, ast.Name) and (
                node.value.id in ("self", "cls") or is_error(node.value, context)
            )
            module = context.qualified_name(node) is not None
            if not own and not module and used_as_text(node, context):
                return True
    return False


def is_error(name: ast.Name, context: Context) -> bool:
    """Whether a name is what a handler has caught."""
    return any(each.kind == "except" for each in context.definitions(name))


def used_as_text(node: ast.Attribute, context: Context) -> bool:
    up = context.parent(node)
    looked = (
        ast.Attribute | ast.Subscript | ast.BinOp | ast.Compare | ast.FormattedValue
    )
    return isinstance(up, looked) or (isinstance(up, ast.Call) and node in up.args)


def reached(call: ShellCall, context: Context) -> Iterator[ast.ExceptHandler]:
    """The handlers around a call, and those around what may call its function."""
    yield from handlers_around(call.node, context)
    home = enclosing_function(call.node, context)
    if home is None:
        return
    names = calling(home, context)
    tries: list[ast.Try | ast.TryStar] = [
        *context.every(ast.Try),
        *context.every(ast.TryStar),
    ]
    for around in tries:
        inside = (node for each in around.body for node in ast.walk(each))
        if any(isinstance(node, ast.Call) and called(node) in names for node in inside):
            yield from around.handlers


def reads_error(node: ast.AST, handler: ast.ExceptHandler, context: Context) -> bool:
    """Whether a part of a handler reads the command of what it has caught."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr="cmd"):
            return name == handler.name
        case ast.Attribute(value=ast.Name(id=name), attr="args"):
            return name == handler.name and bool(caught(handler, context) & RAISED)
        case ast.Call(args=[*given]):
            passed = [each.id for each in given if isinstance(each, ast.Name)]
            function = context.function_called(node)
            if function is None or handler.name not in passed:
                return False
            return any(
                isinstance(each, ast.Attribute) and each.attr in ("cmd", "args")
                for each in ast.walk(function)
            )
    return False
