"""Calls that are left alone whatever their command is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.catalog.shell_true import readback, statuses
from codemods.catalog.shell_true.calls import ALWAYS_SHELL, other_shell
from codemods.catalog.shell_true.values import Unreadable
from codemods.catalog.shell_true.windows import on_windows

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context


def check(call: ShellCall, context: Context) -> None:
    """Raises Unreadable for a call that must keep its shell."""
    if on_windows(call.node, context):
        raise Unreadable("runs on Windows only, where cmd.exe reads the command")
    fake = replaced(call, context)
    if fake is not None:
        raise Unreadable(f"`{fake}` is replaced in this file")
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


def replaced(call: ShellCall, context: Context) -> str | None:
    """A function that the fix would call, or not call any more, and a test replaces."""
    names = [call.name, *(["subprocess.run"] if call.name in ALWAYS_SHELL else [])]
    return next((name for name in names if context.facts.is_patched(name)), None)
