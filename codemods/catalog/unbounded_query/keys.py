"""Columns that a file declares unique, by the CREATE TABLE statements in its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from codemods.context import Context

_TABLE = re.compile(
    r"create\s+table\s+(?:if\s+not\s+exists\s+)?[`\"\[]?(?:\w+\.)*(\w+)[`\"\]]?\s*\(",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def declared_keys(context: Context) -> Callable[[str, str], bool]:
    """Whether a table's column is declared PRIMARY KEY or UNIQUE, all by itself."""
    return keys_declared_in(context.facts.tree.code.decode("utf-8"))


def keys_declared_in(text: str) -> Callable[[str, str], bool]:
    bodies = {
        match[1].lower(): _body(text, match.end()) for match in _TABLE.finditer(text)
    }

    def is_key(table: str, column: str) -> bool:
        body = bodies.get(table.lower(), "")
        name = re.escape(column)
        alone = rf"[(,\s\"'`\[]{name}[\"`\]]?\s+[^,]*?\b(?:primary\s+key|unique)\b"
        listed = rf"\b(?:primary\s+key|unique)\s*\(\s*[\"`\[]?{name}[\"`\]]?\s*\)"
        return any(re.search(each, body, re.I) for each in (alone, listed))

    return is_key


def _body(text: str, start: int) -> str:
    """What stands between the parentheses of a table's definition."""
    depth = 1
    for index in range(start, min(len(text), start + 20_000)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return "(" + text[start:index]
    return ""
