"""Comments in what is replaced, which no fix may lose."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.values import Unreadable

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.model import Edit, Fix


def check_comments(fix: Fix, context: Context) -> None:
    """Raises Unreadable for a fix that would drop a comment.

    One beside a statement that goes as a whole is about that statement, and goes too.
    """
    edits: tuple[Edit, ...] = ()
    if isinstance(fix.replacement, tuple):
        edits = fix.replacement
    code = context.facts.tree.code
    for edit in edits:
        old = code[edit.start : edit.end].decode("utf-8")
        if "#" not in old or edit.code.strip() in ("", "pass"):
            continue
        kept = comments(edit.code)
        for comment in comments(old):
            if comment not in kept:
                raise Unreadable(f"the comment `{comment}` stands within the command")
            kept.remove(comment)


def comments(text: str) -> list[str]:
    """The comments of a piece of a program; parentheses make it one of its own."""
    if "#" not in text:
        return []
    lines = io.StringIO(f"({text}\n)")
    tokens = tokenize.generate_tokens(lines.readline)
    try:
        return [each.string for each in tokens if each.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        raise Unreadable("a comment may stand within the command") from None
