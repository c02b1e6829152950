"""The verdict on one call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import growing, guards, inline, lists
from codemods.catalog.shell_true.calls import ShellCall, shell_call
from codemods.catalog.shell_true.comments import check_comments
from codemods.catalog.shell_true.outside import outside_text
from codemods.catalog.shell_true.shadowed import check_builtins
from codemods.catalog.shell_true.tokens import Refused
from codemods.catalog.shell_true.values import Unreadable
from codemods.model import Decline, Fix, Verdict

if TYPE_CHECKING:
    from codemods.context import Context

URGENT = "a shell is needed and outside text reaches it"


def judge(node: ast.Call, context: Context) -> Verdict:
    call = shell_call(node, context)
    if call is None:
        return None
    try:
        guards.check(call, context)
        fix = lists.fix(call, context) or any_other(call, context)
        check_comments(fix, context)
        check_builtins(fix, node, context)
        return fix
    except (Unreadable, Refused) as error:
        return declined(call, str(error), context)
    except RecursionError:
        return Decline("the command is made by names that refer to each other")


def any_other(call: ShellCall, context: Context) -> Fix:
    """The fix for a command that is a text. Raises Unreadable or Refused."""
    try:
        return inline.fix(call, context)
    except (Unreadable, Refused):
        grown = growing.fix(call, context)
        if grown is None:
            raise
        return grown


def declined(call: ShellCall, reason: str, context: Context) -> Decline:
    """A decline; urgent where text from outside the program reaches the shell."""
    reached = outside_text(call.command, context)
    if not reached:
        return Decline(reason)
    return Decline(f"{reason}; {reached} reaches it", urgent=True, message=URGENT)
