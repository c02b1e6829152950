"""Path patterns as people know them from .gitignore."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PIECES = re.compile(r"/\*\*/|^\*\*/|/\*\*$|\*\*|\*|\?|\[[^\]/]+\]|[^*?/\[]+|/|\[")
MEANINGS = {
    "/**/": "/(?:.*/)?",
    "**/": "(?:.*/)?",
    "/**": "/.*",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
}


def matching(patterns: Iterable[str]) -> re.Pattern[str]:
    """What matches (with `fullmatch`) the paths that any of the patterns covers.

    A pattern without `/` holds at any depth, one with `/` from the top; `**` stands
    for any directories; a pattern that names a directory covers all below it.
    """
    return re.compile("|".join(map(translated, patterns)) or "(?!)", re.DOTALL)


def translated(pattern: str) -> str:
    body = pattern.removeprefix("./").rstrip("/")
    anywhere = "" if "/" in body else "(?:.*/)?"
    pieces = (meaning(piece) for piece in PIECES.findall(body.removeprefix("/")))
    return f"{anywhere}{''.join(pieces)}(?:/.*)?"


def meaning(piece: str) -> str:
    if piece in MEANINGS:
        return MEANINGS[piece]
    if len(piece) > 2 and piece.startswith("["):
        negated = piece[1] in "!^"
        return f"[{'^/' * negated}{piece[1 + negated : -1]}]".replace("\\", r"\\")
    return re.escape(piece)
