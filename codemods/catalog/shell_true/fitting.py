"""Whether a placeholder fits where it stands in a command."""

from __future__ import annotations

import ast
import re

from codemods.catalog.shell_true.tokens import Slot
from codemods.catalog.shell_true.values import Unreadable, Value

# Names whose values nobody passes as one argument.
SEVERAL = re.compile(
    r"(?:^|[_.])(args|arguments|opts|options|flags|params|parameters|switches|extras?"
    r"|cmds?|commands?|cmdline)$",
    re.IGNORECASE,
)
# Texts that somebody else has quoted, for a shell or not.
QUOTED = re.compile(r"quot|escap|^repr\(|json\.dumps\(|list2cmdline", re.IGNORECASE)
SPLICED = ("items", "quoted items", "choice")
QUOTED_TWICE = "quotes a text that shlex.quote has quoted already"


def check(slot: Slot, value: Value) -> None:
    """Refuse a placeholder that does not fit where it stands."""
    shown = f"`{value.field}`"
    if value.kind in ("quoted", "quoted items") and slot.quoting != "bare":
        raise Unreadable(f"{shown} stands in quotes and {QUOTED_TWICE}")
    if value.kind in SPLICED:
        what = "is a choice" if value.kind == "choice" else "is several words"
        where = "quotes" if slot.quoting != "bare" else "one word"
        raise Unreadable(f"`{ast.unparse(value.node)}` {what} within {where}")
    if value.kind == "raw" and slot.quoting == "bare":
        if value.several:
            raise Unreadable(f"{shown} is not always one word")
        for text in (value.field, value.made):
            if SEVERAL.search(text):
                raise Unreadable(f"{shown} reads like several words")
            if QUOTED.search(text):
                raise Unreadable(f"{shown} reads like a text that is quoted already")
