"""Changed lines in the style of their project: by black or ruff, as it uses them.

Which one: the hook in `.pre-commit-config.yaml`, else `[tool.ruff.format]` (or
`[format]` of a `ruff.toml`), else `[tool.black]`, else none: `[tool.ruff]` alone is for
lint. The files looked at are those between a file and its repository's root.
"""

from __future__ import annotations

import ast
import os
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal
from zlib import crc32

from codemods.diff import Change, changes, lines
from codemods.formatters import FormatError, by_black, by_ruff
from codemods.git import root_of
from codemods.model import Result, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.formatters import Ranges

Tool = Literal["black", "ruff"]

HOOKS = ".pre-commit-config.yaml"
PYPROJECT = "pyproject.toml"
# What says in which file that the project formats, and by what; the first one counts.
SIGNS: tuple[tuple[str, Tool, re.Pattern[str]], ...] = (
    (HOOKS, "ruff", re.compile(r"^[\s-]*id:\s*[\"']?ruff-format\b", re.MULTILINE)),
    (HOOKS, "black", re.compile(r"^[\s-]*id:\s*[\"']?black\b", re.MULTILINE)),
    (PYPROJECT, "ruff", re.compile(r"^\s*\[tool\.ruff\.format\b", re.MULTILINE)),
    (".ruff.toml", "ruff", re.compile(r"^\s*\[format\b", re.MULTILINE)),
    ("ruff.toml", "ruff", re.compile(r"^\s*\[format\b", re.MULTILINE)),
    (PYPROJECT, "black", re.compile(r"^\s*\[tool\.black\b", re.MULTILINE)),
)


@dataclass(frozen=True, slots=True)
class Style:
    """A formatter, if any, and the nearest file with `[tool.black]`.

    `key` changes whenever a file does that has a say.
    """

    tool: Tool | None
    pyproject: str | None
    key: int


@cache
def style_of(directory: str) -> Style:
    """The style for the files of an absolute directory."""
    texts = config_texts(directory)
    # A tree that is somewhere else has the same style.
    places = [(os.path.relpath(file, directory), texts[file]) for file in texts]
    tools = [sign[1] for sign in SIGNS if signed(sign, texts)]
    blacks = signed(SIGNS[-1], texts)
    return Style(
        tool=tools[0] if tools else None,
        pyproject=blacks[0] if blacks else None,
        key=crc32(repr(places).encode()),
    )


def signed(sign: tuple[str, Tool, re.Pattern[str]], texts: dict[str, str]) -> list[str]:
    """The files, nearest first, in which a sign is found."""
    name, _, pattern = sign
    return [
        file
        for file, text in texts.items()
        if os.path.basename(file) == name and pattern.search(text)
    ]


def config_texts(directory: str) -> dict[str, str]:
    """What may hold a sign, nearest first, up to the root of the repository."""
    found: dict[str, str] = {}
    top = root_of(directory) or directory
    while True:
        for name in dict.fromkeys(sign[0] for sign in SIGNS):
            file = os.path.join(directory, name)
            with suppress(OSError), open(file, encoding="utf-8", errors="replace") as f:
                found[file] = f.read()
        if directory == top:
            return found
        directory = os.path.dirname(directory)


def formatted(result: Result) -> tuple[Result, str | None]:
    """The result with its changed lines in the project's style.

    Where that cannot be done the lines stay as they are, and a note says why.
    """
    path = os.path.abspath(result.source.path)
    style = style_of(os.path.dirname(path))
    if style.tool is None or not result.changed:
        return result, None
    try:
        code = result.after.code
        ranges = changed(lines(result.source.code), lines(code))
        after = result.after.with_code(restyled(code, ranges, style, path))
    except (FormatError, SourceError) as error:
        return result, f"changed lines are not formatted: {error}"
    return replace(result, after=after), None


def changed(old: list[bytes], new: list[bytes]) -> Ranges:
    return [
        (first + 1, last) for _, _, first, last in changes(old, new) if last > first
    ]


def restyled(code: bytes, ranges: Ranges, style: Style, path: str) -> bytes:
    """The code with the lines of `ranges` formatted, and nothing else changed."""
    plain = code.replace(b"\r\n", b"\n").decode("utf-8")
    if not ranges or "\r" in plain:
        return code
    if style.tool == "black":
        text = by_black(plain, ranges, style.pyproject, path)
    else:
        text = by_ruff(plain, ranges, path)
    ours, styled = lines(code), lines(text.encode())
    found = changes(lines(plain.encode()), styled)
    for wanted in (line_by_line(found), found):
        made = taken_over(ours, styled, wanted, ranges)
        if same_meaning(code, made):
            return made
    raise FormatError(f"{style.tool} would have changed what the code means")


def line_by_line(found: list[Change]) -> list[Change]:
    """The changes, those that keep the number of lines taken apart."""
    apart: list[Change] = []
    for start, end, first, last in found:
        if end - start == last - first:
            pairs = zip(range(start, end), range(first, last), strict=True)
            apart += [(a, a + 1, b, b + 1) for a, b in pairs]
        else:
            apart.append((start, end, first, last))
    return apart


def taken_over(
    ours: list[bytes], styled: list[bytes], wanted: list[Change], ranges: Ranges
) -> bytes:
    """Our lines, with those of the formatter where its changes touch the ranges.

    Formatters reach beyond the lines they are given, and know one line end a file.
    """
    made: list[bytes] = []
    at = 0
    for start, end, first, last in wanted:
        if any(touches(start, end, low, high) for low, high in ranges):
            nearest = ours[min(start, len(ours) - 1)]
            made += [*ours[at:start], *ended_like(nearest, styled[first:last])]
            at = end
    return b"".join([*made, *ours[at:]])


def touches(start: int, end: int, low: int, high: int) -> bool:
    """Whether lines `start` (from 0) to `end`, exclusive, concern lines low to high.

    An insertion, where both are the same, concerns them at their edges too.
    """
    if start == end:
        return low - 1 <= start <= high
    return start < high and low <= end


def ended_like(line: bytes, styled: list[bytes]) -> list[bytes]:
    if line.endswith(b"\r\n"):
        return [each.replace(b"\n", b"\r\n") for each in styled]
    return styled


def same_meaning(one: bytes, other: bytes) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except (SyntaxError, ValueError, RecursionError):
        return False
