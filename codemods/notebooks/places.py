"""JSON by position: where in a text the members of objects and arrays stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder()


def members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Key, start and end of the value of each member of the object at a position.

    Raises JSONDecodeError where there is none.
    """
    at = expected(text, at, "{")
    while text[at : at + 1] != "}":
        key, at = scanstring(text, expected(text, at, '"'))
        start = after_space(text, expected(text, after_space(text, at), ":"))
        _, end = DECODER.raw_decode(text, start)
        yield key, start, end
        at = after_comma(text, after_space(text, end), "}")


def items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Start and end of each item of the array at a position.

    Raises JSONDecodeError where there is none.
    """
    at = expected(text, at, "[")
    while text[at : at + 1] != "]":
        _, end = DECODER.raw_decode(text, at)
        yield at, end
        at = after_comma(text, after_space(text, end), "]")


def after_space(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def expected(text: str, at: int, sign: str) -> int:
    """The position behind a sign that must stand here, and behind space."""
    if text[at : at + 1] != sign:
        raise JSONDecodeError(f"Expecting {sign!r}", text, at)
    return at + 1 if sign == '"' else after_space(text, at + 1)


def after_comma(text: str, at: int, end: str) -> int:
    return at if text[at : at + 1] == end else expected(text, at, ",")
