"""Lines before the loop: the frame bound to a name, and what is read off it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.names import NoForm
from codemods.context import Context
from codemods.model import Edit


@dataclass(frozen=True, slots=True)
class Frame:
    """How the frame is written in a form, and the edit that binds it to a name."""

    text: str
    edits: tuple[Edit, ...] = ()


def bound_frame(loop: Loop, context: Context, *, once: bool = False) -> Frame:
    """The frame by its own name, or by a new one where it is more than a name.

    `once` where the form mentions it but once. Raises NoForm where it cannot be
    evaluated before the statement.
    """
    if _is_plain(loop.frame, context, once=once):
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
    if not all(context.is_pure(each) for each in _evaluated_first(loop, context)):
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


def joined(frame: Frame, loop: Loop, code: str, context: Context) -> list[Edit]:
    """The binding of the frame and of what is read off it, as one insertion."""
    if frame.edits:
        binding = f"{frame.text} = {written(loop, context)}"
        return [hoisted(loop, f"{binding}\n{code}", context)]
    return [hoisted(loop, code, context)]


def _is_plain(frame: ast.expr, context: Context, *, once: bool) -> bool:
    """A name or attributes of one: cheap, and as good twice as once.

    An attribute that the file does not set may be a property.
    """
    stored = {
        node.attr
        for node in context.every(ast.Attribute)
        if not isinstance(node.ctx, ast.Load)
    }
    properties = {
        node.name for node in context.every(ast.FunctionDef) if node.decorator_list
    }
    while isinstance(frame, ast.Attribute):
        if frame.attr in properties or not (once or frame.attr in stored):
            return False
        frame = frame.value
    return isinstance(frame, ast.Name)


def _evaluated_first(loop: Loop, context: Context) -> list[ast.expr]:
    """What wrappers of the call evaluate before it: `zip(this, frame.iterrows())`."""
    found: list[ast.expr] = []
    node: ast.AST = loop.call
    while node is not loop.holder:
        up = context.parent(node)
        assert up is not None
        if isinstance(up, ast.Call):
            found += up.args[: up.args.index(node)]  # type: ignore[arg-type]
        node = up
    return found
