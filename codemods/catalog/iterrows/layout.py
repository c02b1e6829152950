"""Lines and columns: what fits, what begins a line, where a line goes in."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from codemods.catalog.iterrows.loop import Loop
from codemods.context import Context
from codemods.model import Edit

WIDTH = 88
# What may stand between the iterable of a loop and its colon, comments among it.
_TO_COLON = re.compile(rb"(?:[\s)\\]|#[^\r\n]*)*:")


def retarget(loop: Loop, names: list[str], context: Context) -> Edit:
    """`names` in place of the index and the row."""
    text = ", ".join(names)
    outermost = loop.pair is loop.holder.target
    if len(names) > 1 and not outermost:
        text = f"({text})"
    start, end = context.span(loop.pair)
    code = context.facts.tree.code
    if outermost and code[start - 1 : start].isalnum():
        text = " " + text
    return Edit(start, end, text)


def on_lines(
    function: str,
    arguments: list[str],
    loop: Loop,
    targets: list[str],
    context: Context,
) -> str:
    """A call on one line, or with an argument a line where that is too long."""
    flat = f"{function}({', '.join(arguments)})"
    if column_of(loop, targets, context) + len(flat) + 1 <= WIDTH:
        return flat
    line = _line_before(loop, context)
    margin = line[: len(line) - len(line.lstrip())]
    inner = "".join(f"{margin}    {each},\n" for each in arguments)
    return f"{function}(\n{inner}{margin})"


def column_of(loop: Loop, targets: Sequence[str], context: Context) -> int:
    """Where on its line the call begins, once `targets` stand for the pair."""
    before = len(_line_before(loop, context))
    return before - len(context.text(loop.pair)) + len(", ".join(targets))


def _line_before(loop: Loop, context: Context) -> str:
    """The text of the line up to the call."""
    tree = context.facts.tree
    start, _ = context.span(loop.call)
    return tree.code[tree.line_starts[tree.line(start) - 1] : start].decode()


def own_line(loop: Loop, context: Context) -> bool:
    """Whether the body does not stand behind the head of the loop."""
    assert isinstance(loop.holder, ast.For)
    return context.begins_line(loop.holder.body[0])


def first_of_body(holder: ast.For, code: str, context: Context) -> Edit:
    """A line right below the head of a loop, above comments and blank lines."""
    tree = context.facts.tree
    head = _TO_COLON.match(tree.code, context.span(holder.iter)[1])
    below = tree.line(head.end()) if head is not None else len(tree.line_starts)
    body = context.span(holder.body[0])[0]
    if below >= len(tree.line_starts) or tree.line_starts[below] > body:
        return context.insert_before(holder.body[0], code)
    start = tree.line_starts[below]
    line = f"{context.margin(holder.body[0])}{code}{tree.newline}"
    return Edit(start, start, line)


def has_comment(statement: ast.stmt, context: Context) -> bool:
    """Whether text stands behind a statement, or it spans lines."""
    start, end = context.span(statement)
    code = context.facts.tree.code
    stop = code.find(b"\n", end)
    return b"\n" in code[start:end] or bool(
        code[end : stop if stop >= 0 else None].strip()
    )
