"""Why a loop is left alone, whatever form it might take."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows.handlers import catches
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.row import Row
from codemods.catalog.iterrows.uses import Column, Label, Mapped, Refused, Use
from codemods.context import Context

DRAINS = {
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum",
    "tuple",
}  # fmt: skip


def unreadable(loop: Loop, context: Context) -> str | None:
    """A reason why the use of names in the loop cannot be known."""
    if context.scope(loop.row).frame.dynamic:
        return "names are read by `eval`, `exec`, `locals` or `vars` here"
    if not isinstance(loop.row, ast.Name):
        return "the row is taken apart by position"
    frame = context.scope(loop.row).frame
    if isinstance(frame.node, ast.ClassDef):
        return "a class keeps every name that its body binds"
    if loop.row.id in frame.globals | frame.nonlocals:
        return f"`{loop.row.id}` is a variable of another scope"
    if runs_later(loop, context):
        return "the generator may run when the frame has changed"
    mention = f"@{loop.row.id}"
    for part in loop.body:
        for each in ast.walk(part):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                if mention in each.value:
                    return f"`{mention}` is read by a query string"
    return None


def runs_later(loop: Loop, context: Context) -> bool:
    """Whether the loop is a generator that nothing drains on the spot."""
    whole = context.parent(loop.holder)
    if not (loop.in_comprehension and isinstance(whole, ast.GeneratorExp)):
        return False
    match context.parent(whole):
        case ast.Call(func=ast.Attribute(attr="join" | "extend" | "update")):
            return False
        case ast.Call(func=function, args=[only]) if only is whole:
            return context.qualified_name(function) not in DRAINS
    return True


def shadowed(loop: Loop, context: Context) -> str | None:
    """A reason why what is written would not mean the builtins."""
    module = context.facts.scopes.module
    for name in ("dict", "zip"):
        owned = context.scope(loop.call).owner(name) is not None
        if owned or module.stars or module.unseen:
            return f"`{name}` may be another name than the builtin here"
    return None


def refused(loop: Loop, uses: list[Use], row: Row, context: Context) -> str | None:
    """A reason why one of the uses allows no form."""
    for use in uses:
        if isinstance(use, Refused):
            return use.reason
    mixed = also_other(uses, row, context)
    if mixed is not None:
        return mixed
    if any(isinstance(use, Column) and use.attribute for use in uses):
        if catches_attribute_error(loop, context):
            return "an error that a missing column raises is caught"
    if any(rebound(use.node, loop, context) for use in uses if isinstance(use, Label)):
        return "the index label is read after it was rebound"
    return None


def also_other(uses: list[Use], row: Row, context: Context) -> str | None:
    """A use whose text would change, of a name that may hold another thing too."""
    for use in uses:
        match use:
            case Column(attribute=True, name=name):
                pass
            case Label(node=ast.Attribute(value=ast.Name() as name)):
                pass
            case Mapped(node=ast.Attribute(value=ast.Name() as name), text=str()):
                pass
            case _:
                continue
        held = {each for each in context.definitions(name) if each.kind != "unbound"}
        if not held <= row.bound:
            return f"`{context.text(use.node)}` may be read off another object too"
        if printed(use.node, context):
            return f"`{context.text(use.node)}` is printed with its own text"
    return None


def printed(node: ast.AST, context: Context) -> bool:
    """Whether the text of an expression is part of an f-string: `f"{row.a=}"`."""
    for up in [node, *context.ancestors(node)]:
        if isinstance(context.parent(up), ast.FormattedValue):
            end = context.span(up)[1]
            code = context.facts.tree.code[end : end + 20].lstrip()
            if code[:1] == b"=" and code[1:2] != b"=":
                return True
    return False


def catches_attribute_error(loop: Loop, context: Context) -> bool:
    """`row.c` raises it for a missing column, `row["c"]` a KeyError."""
    inside = [each for part in loop.body for each in ast.walk(part)]
    named = ("AttributeError", "KeyError", "LookupError")
    return catches(named, [*context.ancestors(loop.call), *inside])


def rebound(label: ast.expr, loop: Loop, context: Context) -> bool:
    """Whether the index variable may hold another thing where a label is read."""
    if not isinstance(loop.index, ast.Name):
        return False
    own = set(context.bindings(loop.index))
    name = loop.index.id
    inside = {each for part in loop.body for each in context.bindings(part)}
    if any(each.name == name for each in inside):
        return True
    if loop.in_comprehension or loop.holder in context.ancestors(label):
        return False
    return set(context.definitions_at(context.statement(label), name)) != own
