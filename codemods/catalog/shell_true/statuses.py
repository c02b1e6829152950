"""What a list changes about an exit status, and whether the program looks at it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.results import result_of

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

STATUS = {"returncode", "wait", "poll", "check_returncode"}
MISSING = (
    "a missing program raises FileNotFoundError, where the shell reported status 127"
)
UNOPENED = (
    "a file that cannot be opened raises OSError, where the shell reported a status"
)
UNOPENED_UNCAUGHT = (
    "a file that cannot be opened raises OSError, which `except CalledProcessError` "
    "does not catch"
)
UNCAUGHT = (
    "a missing program raises FileNotFoundError, which `except CalledProcessError` "
    "does not catch"
)


def reads_status(call: ShellCall, context: Context, *, shows: bool = True) -> bool:
    """Whether the program may look at the exit status, or at the shell's message.

    `shows` says that the command leaves its errors where the call puts them.
    """
    result = result_of(call.node, context)
    if call.returns in ("status", "wait"):
        return not result.discarded and not call.checks
    if call.returns in ("process", "popen"):
        looks = STATUS | (message_in(call) if shows else set())
        read = result.escapes or result.attributes & looks
        return bool(read) and not call.checks
    return False


def message_in(call: ShellCall) -> set[str]:
    """Where the program finds what the shell says of a missing program."""
    given = call.keywords.get("stderr")
    if "capture_output" in call.keywords:
        return {"stderr"}
    if given is None or (isinstance(given, ast.Constant) and given.value is None):
        return set()
    return {"stderr", "stdout", "communicate"}


def tests_for_missing(call: ShellCall, context: Context) -> bool:
    """Whether the code around compares something with status 126 or 127."""
    home = context.enclosing(call.node, ast.FunctionDef) or context.tree
    numbers = {126, 127, 127 << 8, 126 << 8}
    return any(
        isinstance(each, ast.Constant) and each.value in numbers
        for node in ast.walk(home)
        if isinstance(node, ast.Compare)
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and type(each.value) is int
    )


def reads_signal(call: ShellCall, context: Context) -> bool:
    """Whether the code around compares a status with what a shell says of a signal."""
    if call.returns not in ("process", "popen", "status"):
        return False
    home = context.enclosing(call.node, ast.FunctionDef) or context.tree
    return any(
        isinstance(each, ast.Constant)
        and type(each.value) is int
        and 128 < each.value < 128 + 65
        for node in ast.walk(home)
        if isinstance(node, ast.Compare) and mentions_status(node, call, context)
        for each in ast.walk(node)
    )


def mentions_status(node: ast.Compare, call: ShellCall, context: Context) -> bool:
    """Whether a comparison is one of a return code, or of what a call returned."""
    return any(
        part is call.node
        or (isinstance(part, ast.Attribute) and part.attr == "returncode")
        or (isinstance(part, ast.Name) and context.value_of(part) is call.node)
        for part in ast.walk(node)
    )
