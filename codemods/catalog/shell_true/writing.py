"""Calls and blocks as text, at the place where the old call stands."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.layout import Frame, step
from codemods.catalog.shell_true.values import Unreadable
from codemods.model import Edit

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.catalog.shell_true.streams import Opened
    from codemods.context import Context

Simple = ast.Expr | ast.Assign | ast.AnnAssign | ast.Return


def newline(context: Context) -> str:
    head = context.facts.tree.code.partition(b"\n")[0]
    return "\r\n" if head.endswith(b"\r") else "\n"


def in_file(text: str, context: Context) -> str:
    """Text with the file's line ends."""
    return text.replace("\r\n", "\n").replace("\n", newline(context))


def lone_statement(call: ShellCall, target: ast.expr, context: Context) -> ast.stmt:
    """The statement around a call, where a block can be put around it.

    Raises Unreadable where other code shares its line, or runs before the call.
    """
    at = context.statement(call.node)
    frame = Frame.of(at, context)
    if not isinstance(at, Simple) or not context.begins_line(at) or frame.behind:
        raise Unreadable("the call is part of a larger statement")
    if isinstance(context.scope(at).node, ast.ClassDef):
        raise Unreadable("the file would become an attribute of the class")
    for node in ast.walk(at):
        if isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.comprehension):
            if call.node in ast.walk(node):
                raise Unreadable("the call does not run every time")
    for node in ast.walk(at):
        if isinstance(node, ast.Constant | ast.JoinedStr) and "\n" in context.text(
            node
        ):
            if node not in ast.walk(call.command):
                raise Unreadable("the statement holds a text of several lines")
    return at


def around(at: ast.stmt, target: ast.expr, context: Context) -> tuple[str, str]:
    """The text of a statement before and behind an expression in it."""
    code = context.facts.tree.code
    (start, end), (low, high) = context.span(at), context.span(target)
    return code[start:low].decode("utf-8"), code[high:end].decode("utf-8")


def inner_frame(
    at: ast.stmt, target: ast.expr, depth: int, context: Context, suffix: str = ""
) -> Frame:
    """The frame of `target` when its statement stands `depth` blocks further in."""
    outer = Frame.of(at, context).margin
    margin = outer + step(outer) * depth
    head, tail = around(at, target, context)
    return Frame(margin, margin + head, suffix + tail)


def deeper(text: str, depth: int, margin: str) -> str:
    """Lines after the first moved right."""
    more = step(margin) * depth
    first, *rest = text.split("\n")
    return "\n".join([first, *(more + line if line else line for line in rest)])


def block(at: ast.stmt, head: Sequence[str], body: str, context: Context) -> Edit:
    """A statement replaced by compound heads, each inside the one before it."""
    margin = Frame.of(at, context).margin
    text = "".join(
        f"{each}\n{margin}{step(margin) * (n + 1)}" for n, each in enumerate(head)
    )
    start, end = context.span(at)
    return Edit(start, end, in_file(text + body, context))


def opening(
    files: Sequence[Opened], names: Mapping[int, str], margin: str, quote: str
) -> list[str]:
    """`with open(...) as out:`, on one line where it fits."""
    items = [
        f"open({each.path}, {quote}{each.mode}{quote}) as {names[each.stream]}"
        for each in files
    ]
    together = f"with {', '.join(items)}:"
    if len(margin + together) <= 88:
        return [together]
    return [f"with {item}:" for item in items]
