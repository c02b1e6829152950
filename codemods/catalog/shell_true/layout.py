"""The call as it is written: on one line where it fits, else one element a line.

As black breaks lines, with its 88 columns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.context import Context

WIDTH = 88
SPACES = "    "


@dataclass(frozen=True, slots=True)
class Frame:
    """The line on which something is written: its indentation and what is around."""

    margin: str
    before: str
    behind: str

    @classmethod
    def of(cls, node: ast.AST, context: Context) -> Frame:
        """The line on which a node starts, and what follows where it ends."""
        code = context.facts.tree.code
        start, end = context.span(node)
        line_start = code.rfind(b"\n", 0, start) + 1
        line_end = code.find(b"\n", end)
        stop = len(code) if line_end < 0 else line_end
        before = code[line_start:start].decode("utf-8")
        margin = before[: len(before) - len(before.lstrip())]
        behind = code[end:stop].decode("utf-8").partition("  #")[0].rstrip()
        return cls(margin, before, behind)

    def shallower(self, depth: int) -> Frame:
        """The same line, `depth` blocks further out."""
        less = len(step(self.margin)) * depth
        return Frame(self.margin[less:], self.before[less:], self.behind)

    def holds(self, text: str) -> bool:
        """Whether `text`, put here, keeps within the width."""
        lines = f"{self.before}{text}{self.behind}".split("\n")
        return all(len(line) <= WIDTH for line in lines)


Items = Sequence[str]


def step(margin: str) -> str:
    """One level of indentation, as the file has it."""
    return "\t" if "\t" in margin else SPACES


def lone_choice(items: Items) -> str | None:
    """A lone choice between lists, which needs no list around it."""
    if len(items) == 1 and items[0].startswith("*(["):
        if isinstance(ast.parse(items[0][1:], mode="eval").body, ast.IfExp):
            return items[0][2:-1]
    return None


def flat(items: Items) -> str:
    return lone_choice(items) or f"[{', '.join(items)}]"


def tall(items: Items, margin: str) -> str:
    """One element a line; `margin` is the indentation of the line it starts on."""
    choice = lone_choice(items)
    if choice is not None:
        return f"(\n{margin}{step(margin)}{choice}\n{margin})"
    inner = "".join(f"{margin}{step(margin)}{item},\n" for item in items)
    return f"[\n{inner}{margin}]"


def listed(items: Items, frame: Frame) -> str:
    """A list as an expression that stands in `frame`."""
    return flat(items) if frame.holds(flat(items)) else tall(items, frame.margin)


def call(
    function: str,
    items: Items,
    arguments: Callable[[str], Sequence[str]],
    frame: Frame,
) -> str:
    """A call written on lines of its own; `arguments` are its texts around the list."""
    one_line = f"{function}({', '.join(arguments(flat(items)))})"
    if frame.holds(one_line):
        return one_line
    margin = frame.margin + step(frame.margin)
    given = arguments(flat(items))
    if any(len(f"{margin}{each},") > WIDTH for each in given):
        given = arguments(tall(items, margin))
    if len(given) == 1:
        return f"{function}(\n{margin}{given[0]}\n{frame.margin})"
    lines = "".join(f"{margin}{each},\n" for each in given)
    return f"{function}(\n{lines}{frame.margin})"


def spread(function: str, arguments: Items, frame: Frame) -> str:
    """A call whose arguments are words and keywords."""
    one_line = f"{function}({', '.join(arguments)})"
    if frame.holds(one_line):
        return one_line
    lines = "".join(
        f"{frame.margin}{step(frame.margin)}{each},\n" for each in arguments
    )
    return f"{function}(\n{lines}{frame.margin})"
