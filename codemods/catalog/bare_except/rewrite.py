"""The new head of a handler, and its log line, as edits."""

from __future__ import annotations

import ast
import re

from codemods.catalog.bare_except.naming import Named
from codemods.context import Context
from codemods.model import Edit

HEAD = re.compile(rb"except(?:[ \t\f]|\\\r?\n)*")
WIDTH = 88


def head(context: Context, handler: ast.ExceptHandler, named: list[Named]) -> Edit:
    """`except:` with its exceptions, over several lines where one is too long."""
    start = context.span(handler)[0]
    code = context.facts.tree.code
    match = HEAD.match(code, start)
    assert match is not None
    margin = code[code.rfind(b"\n", 0, start) + 1 : start].decode("utf-8")
    return Edit(start, match.end(), f"except {as_tuple(named, margin)}")


def as_tuple(named: list[Named], margin: str) -> str:
    texts = [one.text for one in named]
    if len(texts) == 1:
        return texts[0]
    line = f"({', '.join(texts)})"
    if len(margin) + len(f"except {line}:") <= WIDTH or margin.strip():
        return line
    inner = "".join(f"{margin}    {text},\n" for text in texts)
    return f"(\n{inner}{margin})"


def suppressed(
    context: Context, whole: ast.Try, text: str, named: list[Named]
) -> tuple[Edit, ...] | None:
    """`try: ... except: pass` as `with suppress(...):`; None where a comment stands."""
    code = context.facts.tree.code
    start, end = context.span(whole)
    head = code.index(b":", start) + 1
    tail = context.span(whole.body[-1])[1]
    if b"#" in code[start:head] or b"#" in code[tail:end]:
        return None
    if not context.begins_line(whole.body[0]):
        return None
    names = ", ".join(one.text for one in named)
    return Edit(start, head, f"with {text}({names}):"), Edit(tail, end, "")


def logged(context: Context, handler: ast.ExceptHandler, text: str) -> Edit:
    """The log line first in the handler, or in the place of its lone `pass`."""
    first = handler.body[0]
    if isinstance(first, ast.Pass) and len(handler.body) == 1:
        return context.replace(first, text)
    if context.begins_line(first):
        return context.insert_before(first, text)
    start = context.span(first)[0]
    return Edit(start, start, f"{text}; ")
