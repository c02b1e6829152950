"""A call over several lines, rebuilt so that its comments and lines stay."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import layout
from codemods.catalog.shell_true.newcall import SHELL_ONLY, NewCall

if TYPE_CHECKING:
    import libcst as cst

    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context


def rebuilt(
    call: ShellCall, new: NewCall, context: Context, frame: layout.Frame
) -> str:
    """A call over several lines, its arguments staying where they are."""
    import libcst as cst

    old = context.concrete(call.node)
    assert isinstance(old, cst.Call)
    kept: list[cst.Arg] = []
    positions = {id(arg): index for index, arg in enumerate(old.args)}
    added = dict(new.keywords)
    for arg in old.args:
        name = arg.keyword.value if arg.keyword else ""
        if name in SHELL_ONLY or (name in added and added[name] is None):
            added.pop(name, None)
            kept = dropped(kept, arg, last=positions[id(arg)] == len(old.args) - 1)
        elif positions[id(arg)] == command_index(call):
            kept.append(arg.with_changes(value=placeholder()))
        elif name in added:
            new_value = cst.parse_expression(added.pop(name) or "")
            kept.append(arg.with_changes(value=new_value))
        else:
            kept.append(arg)
    for name, value in added.items():
        kept = appended(kept, name, value or "")
    function = cst.parse_expression(new.function)
    text = code(old.with_changes(func=function, args=kept))
    head, _, tail = text.partition(PLACE)
    return head + in_place(new, head, tail, frame) + tail


PLACE = "__command__"


def placeholder() -> cst.BaseExpression:
    import libcst as cst

    return cst.Name(PLACE)


def command_index(call: ShellCall) -> int:
    given: list[ast.expr] = [*call.node.args, *(k.value for k in call.node.keywords)]
    return given.index(call.command)


def in_place(new: NewCall, head: str, tail: str, frame: layout.Frame) -> str:
    """The list, on the line where it stands."""
    if new.held:
        return new.held
    before = (frame.before + head).rpartition("\n")[2]
    margin = before[: len(before) - len(before.lstrip())]
    behind, newline, _ = tail.partition("\n")
    behind = behind.partition("  #")[0]
    here = layout.Frame(margin, before, behind if newline else behind + frame.behind)
    return layout.listed(new.items, here)


def dropped(kept: list[cst.Arg], arg: cst.Arg, *, last: bool) -> list[cst.Arg]:
    """The arguments before one that goes, its line break taken over."""
    import libcst as cst

    if not kept:
        return kept
    before = kept[-1]
    if last:
        taken = before.with_changes(
            comma=arg.comma, whitespace_after_arg=arg.whitespace_after_arg
        )
        return [*kept[:-1], taken]
    match before.comma, arg.comma:
        case cst.Comma(whitespace_after=cst.SimpleWhitespace()), cst.Comma() as comma:
            return [*kept[:-1], before.with_changes(comma=comma)]
    return kept


def appended(kept: list[cst.Arg], name: str, value: str) -> list[cst.Arg]:
    """One more keyword, spaced as the last one is."""
    import libcst as cst

    new = cst.Arg(
        keyword=cst.Name(name),
        value=cst.parse_expression(value),
        equal=cst.AssignEqual(
            whitespace_before=cst.SimpleWhitespace(""),
            whitespace_after=cst.SimpleWhitespace(""),
        ),
    )
    if not kept:
        return [new]
    last = kept[-1]
    new = new.with_changes(
        comma=last.comma, whitespace_after_arg=last.whitespace_after_arg
    )
    between: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace(" ")
    if len(kept) > 1:
        comma = kept[-2].comma
        between = comma.whitespace_after if isinstance(comma, cst.Comma) else between
    comma = cst.Comma(whitespace_after=between)
    plain = last.with_changes(
        comma=comma, whitespace_after_arg=cst.SimpleWhitespace("")
    )
    return [*kept[:-1], plain, new]


def code(node: cst.CSTNode) -> str:
    import libcst as cst

    return cst.Module([]).code_for_node(node)
