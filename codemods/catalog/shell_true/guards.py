"""Calls that are left alone whatever their command is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import readback, statuses
from codemods.catalog.shell_true.calls import other_shell
from codemods.catalog.shell_true.values import Unreadable

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

WINDOWS = {"os.name": ("nt",), "sys.platform": ("win32", "cygwin")}


def check(call: ShellCall, context: Context) -> None:
    """Raises Unreadable for a call that must keep its shell."""
    if on_windows(call.node, context):
        raise Unreadable("runs on Windows only, where cmd.exe reads the command")
    if call.name.startswith("asyncio.") and "cmd" in call.keywords:
        raise Unreadable("the command is given as `cmd=`, which a list has no name for")
    shell = other_shell(call, context)
    if shell is not None:
        raise Unreadable(f"`executable={shell}` is no shell that is known to be an sh")
    if call.by_position:
        raise Unreadable("an argument after the command is given by its position")
    if call.spreads:
        raise Unreadable("`**` may hold `executable=`, which means another thing then")
    if statuses.tests_for_missing(call, context):
        raise Unreadable("the code tests for status 126 or 127, which a list never has")
    read = readback.reads_text_of_command(call, context)
    if read is not None:
        raise Unreadable(read)


def on_windows(node: ast.AST, context: Context) -> bool:
    """Whether a node only runs where the platform was tested to be Windows."""
    inner: ast.AST = node
    for up in context.ancestors(node):
        match up:
            case ast.If(test=test, body=body, orelse=orelse):
                if inner in body and is_windows(test, context) is True:
                    return True
                if inner in orelse and is_windows(test, context) is False:
                    return True
            case ast.IfExp(test=test, body=one, orelse=other):
                if inner is one and is_windows(test, context) is True:
                    return True
                if inner is other and is_windows(test, context) is False:
                    return True
        inner = up
    return False


def is_windows(test: ast.expr, context: Context) -> bool | None:
    """True for a test that is true on Windows only, False for its contrary."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            found = is_windows(inner, context)
            return None if found is None else not found
        case ast.Compare(
            left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=v)]
        ):
            return True if names_windows(left, v, context) else None
        case ast.Compare(
            left=left, ops=[ast.NotEq()], comparators=[ast.Constant(value=v)]
        ):
            return False if names_windows(left, v, context) else None
        case ast.Call(
            func=ast.Attribute(value=base, attr="startswith"),
            args=[ast.Constant(value=str() as start)],
        ):
            platform = context.qualified_name(base) == "sys.platform"
            return True if platform and start.startswith("win") else None
        case ast.BoolOp(op=ast.And(), values=values):
            return True if any(is_windows(v, context) for v in values) else None
    return None


def names_windows(left: ast.expr, value: object, context: Context) -> bool:
    if isinstance(left, ast.Call):
        name = context.qualified_name(left.func)
        return name == "platform.system" and value == "Windows"
    return value in WINDOWS.get(context.qualified_name(left) or "", ())
