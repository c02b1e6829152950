"""The forms a loop may take, as edits."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from codemods.catalog.iterrows.loop import Loop, evaluated_first, is_plain
from codemods.catalog.iterrows.names import (
    NoForm,
    column_list,
    column_names,
    in_place,
    own_name,
)
from codemods.catalog.iterrows.uses import Column, Label, Mapped, Use
from codemods.context import Context
from codemods.model import Edit

WIDTH = 88
# What may stand between the iterable of a loop and its colon, comments among it.
_TO_COLON = re.compile(rb"(?:[\s)\\]|#[^\r\n]*)*:")


@dataclass(frozen=True, slots=True)
class Frame:
    """How the frame is written in a form, and the edit that binds it to a name."""

    text: str
    edits: tuple[Edit, ...] = ()


def bound_frame(loop: Loop, context: Context) -> Frame:
    """The frame by its own name, or by a new one where it is more than a name.

    Raises NoForm where it cannot be evaluated before the statement.
    """
    if is_plain(loop.frame, context):
        return Frame(context.text(loop.frame))
    name = context.fresh_name(loop.statement, "rows")
    return Frame(name, (hoisted(loop, f"{name} = {written(loop, context)}", context),))


def written(loop: Loop, context: Context) -> str:
    """The frame's expression as it may stand to the right of `=`, at the margin.

    Raises NoForm where it holds text that spans lines, which must not be moved.
    """
    whole = context.text(loop.call.func).removesuffix("iterrows").rstrip()
    whole = whole.removesuffix(".").rstrip()
    if "\n" not in whole and "\r" not in whole:
        bare = isinstance(loop.frame, ast.NamedExpr)
        return whole if bare else context.text(loop.frame)
    for part in ast.walk(loop.frame):
        if isinstance(part, ast.Constant | ast.JoinedStr):
            if part.end_lineno != part.lineno:
                raise NoForm("the frame's expression holds text of several lines")
    if context.span(loop.call)[0] == context.span(loop.frame)[0]:
        whole = f"(\n{context.margin(loop.statement)}    {whole}\n)"
    margin = context.margin(loop.statement)
    lines = whole.replace("\r\n", "\n").split("\n")
    return "\n".join(line.removeprefix(margin) for line in lines)


def hoisted(loop: Loop, code: str, context: Context) -> Edit:
    """`code` on a line of its own before the loop's statement."""
    if not context.begins_line(loop.statement):
        raise NoForm("the loop shares its line with other code")
    if not all(context.is_pure(each) for each in evaluated_first(loop, context)):
        raise NoForm("other code is evaluated before the frame")
    if loop.in_comprehension:
        _check_comprehension(loop, context)
    return context.insert_before(loop.statement, code)


def _check_comprehension(loop: Loop, context: Context) -> None:
    """Whether what the comprehension evaluates first may be evaluated before it."""
    statement = loop.statement
    whole = context.parent(loop.holder)
    simple = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr
    if not isinstance(statement, simple):
        raise NoForm("a line before this statement would run at another time")
    node: ast.AST = whole if whole is not None else loop.holder
    assert isinstance(
        node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    )
    if node.generators[0] is not loop.holder:
        raise NoForm("the frame depends on an outer loop of the comprehension")
    if context.scope(loop.frame).frame is not context.facts.flow.scope_at(statement):
        raise NoForm("the frame is evaluated inside a lambda")
    up = context.parent(node)
    while up is not statement:
        # Nothing else may be evaluated before the frame is.
        if not (isinstance(up, ast.Call) and up.args[:1] == [node]):
            raise NoForm("other code is evaluated before the frame")
        if not isinstance(up.func, ast.Name | ast.Attribute):
            raise NoForm("other code is evaluated before the frame")
        node, up = up, context.parent(up)


def index_only(loop: Loop, context: Context) -> tuple[Edit, ...]:
    """`for index in frame.index`: the row is not used."""
    frame = bound_frame(loop, context)
    return (
        *frame.edits,
        context.replace(loop.call, f"{frame.text}.index"),
        _target(loop, [context.text(loop.index)], context),
    )


def zipped(
    loop: Loop, uses: Sequence[Use], columns: Sequence[str], context: Context
) -> tuple[Edit, ...] | None:
    """`for a, b in zip(frame["a"].tolist(), frame["b"].tolist())`.

    None where the names alone would fill the line.
    """
    frame = bound_frame(loop, context)
    given = aliases(loop, uses, context)
    names = column_names(loop, columns, given, context)
    lists = [column_list(frame.text, column, context) for column in columns]
    targets = [names[column] for column in columns]
    if index_is_used(loop, uses, context):
        index = index_name(loop, uses, context)
        lists.insert(0, f"{frame.text}.index")
        targets.insert(0, index)
    if _column_of(loop, targets, context) + len("zip(") > WIDTH:
        return None
    edits = [*frame.edits, _target(loop, targets, context)]
    if len(lists) == 1:
        edits.append(context.replace(loop.call, lists[0]))
    else:
        edits.append(
            context.replace(loop.call, _call("zip", lists, loop, targets, context))
        )
    edits += [context.delete(statement) for _, statement in given.values()]
    for use in uses:
        if isinstance(use, Column) and use.literal and use.literal not in given:
            edits.append(context.replace(use.node, names[use.literal]))
        elif isinstance(use, Label):
            edits.append(context.replace(use.node, index_name(loop, uses, context)))
    return tuple(edits)


def aliases(
    loop: Loop, uses: Sequence[Use], context: Context
) -> dict[str, tuple[str, ast.Assign]]:
    """Columns that the body begins by giving a name: `team = row["team"]`.

    The name becomes the loop's own; the assignment goes.
    """
    if not isinstance(loop.holder, ast.For) or not _own_line(loop, context):
        return {}
    reads = {use.node: use.literal for use in uses if isinstance(use, Column)}
    found: dict[str, tuple[str, ast.Assign]] = {}
    targets = {name.id for name in ast.walk(loop.holder.target) if _names(name)}
    taken = targets - {loop.row.id} if isinstance(loop.row, ast.Name) else targets
    for statement in loop.holder.body[:-1]:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                column = reads.get(value)
                once = list(reads.values()).count(column) == 1
                if column is None or not once or name in taken:
                    break
                if name in {each.id for each in ast.walk(loop.frame) if _names(each)}:
                    break
                if _has_comment(statement, context):
                    break
                taken.add(name)
                found[column] = (name, statement)
            case _:
                break
    return found


def _names(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name)


def _has_comment(statement: ast.stmt, context: Context) -> bool:
    """Whether text stands behind a statement, or it spans lines."""
    start, end = context.span(statement)
    code = context.facts.tree.code
    stop = code.find(b"\n", end)
    return b"\n" in code[start:end] or bool(
        code[end : stop if stop >= 0 else None].strip()
    )


def _call(
    function: str,
    arguments: list[str],
    loop: Loop,
    targets: list[str],
    context: Context,
) -> str:
    """A call on one line, or with an argument a line where that is too long."""
    flat = f"{function}({', '.join(arguments)})"
    if _column_of(loop, targets, context) + len(flat) + 1 <= WIDTH:
        return flat
    line = _line_before(loop, context)
    margin = line[: len(line) - len(line.lstrip())]
    inner = "".join(f"{margin}    {each},\n" for each in arguments)
    return f"{function}(\n{inner}{margin})"


def mapped(
    loop: Loop, uses: Sequence[Use], context: Context, *, copied: bool
) -> tuple[Edit, ...]:
    """A dict a row, from the array that `iterrows` itself reads.

    `copied` where the loop may write into the frame.
    """
    assert isinstance(loop.row, ast.Name)
    row = loop.row.id
    frame = bound_frame(loop, context)
    columns = own_name(loop, "columns", context)
    values = own_name(loop, "values", context)
    lines = f"{columns} = {frame.text}.columns.tolist()"
    build = f"dict(zip({columns}, {values}))"
    used = index_is_used(loop, uses, context)
    array = f"{frame.text}.to_numpy({'copy=True' if copied else ''})"
    edits: list[Edit] = []
    if isinstance(loop.holder, ast.For) and _own_line(loop, context):
        source, target = array, values
        edits.append(_first_of_body(loop.holder, f"{row} = {build}", context))
    else:
        source, target = own_name(loop, "records", context), row
        lines += f"\n{source} = [{build} for {values} in {array}]"
    edits += _joined(frame, loop, lines, context)
    targets = [target]
    if used:
        source = f"zip({frame.text}.index, {source})"
        targets.insert(0, index_name(loop, uses, context))
    edits += [_target(loop, targets, context), context.replace(loop.call, source)]
    for use in uses:
        edits += _use_of_dict(use, loop, uses, context)
    return tuple(edits)


def _first_of_body(holder: ast.For, code: str, context: Context) -> Edit:
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


def _line_before(loop: Loop, context: Context) -> str:
    """The text of the line up to the call."""
    tree = context.facts.tree
    start, _ = context.span(loop.call)
    return tree.code[tree.line_starts[tree.line(start) - 1] : start].decode()


def _column_of(loop: Loop, targets: Sequence[str], context: Context) -> int:
    """Where on its line the call begins, once `targets` stand for the pair."""
    before = len(_line_before(loop, context))
    return before - len(context.text(loop.pair)) + len(", ".join(targets))


def _joined(frame: Frame, loop: Loop, code: str, context: Context) -> list[Edit]:
    """The binding of the frame and of what is read off it, as one insertion."""
    if frame.edits:
        binding = f"{frame.text} = {written(loop, context)}"
        return [hoisted(loop, f"{binding}\n{code}", context)]
    return [hoisted(loop, code, context)]


def _own_line(loop: Loop, context: Context) -> bool:
    assert isinstance(loop.holder, ast.For)
    return context.begins_line(loop.holder.body[0])


def _use_of_dict(
    use: Use, loop: Loop, uses: Sequence[Use], context: Context
) -> list[Edit]:
    match use:
        case Column(attribute=True, node=node, name=name, key=str() as key):
            return [context.replace(node, f"{name.id}[{in_place(key, node, context)}]")]
        case Mapped(node=node, text=str() as text):
            return [context.replace(node, text)]
        case Label(node=node):
            return [context.replace(node, index_name(loop, uses, context))]
    return []


def index_is_used(loop: Loop, uses: Sequence[Use], context: Context) -> bool:
    if any(isinstance(use, Label) for use in uses):
        return True
    bound = context.bindings(loop.index)
    if not isinstance(loop.index, ast.Name) or not bound:
        return True
    return any(context.uses(definition) for definition in bound)


def index_name(loop: Loop, uses: Sequence[Use], context: Context) -> str:
    """What the index is called: as before, or `index` where it was `_` and is read."""
    text = context.text(loop.index)
    needed = any(isinstance(use, Label) for use in uses)
    if needed and (text == "_" or not isinstance(loop.index, ast.Name)):
        if isinstance(loop.index, ast.Name):
            return context.fresh_name(loop.statement, "index")
        raise NoForm("the index is unpacked and read by `.name` too")
    return text


def _target(loop: Loop, names: list[str], context: Context) -> Edit:
    text = ", ".join(names)
    outermost = loop.pair is loop.holder.target
    if len(names) > 1 and not outermost:
        text = f"({text})"
    start, end = context.span(loop.pair)
    code = context.facts.tree.code
    if outermost and code[start - 1 : start].isalnum():
        text = " " + text
    return Edit(start, end, text)
