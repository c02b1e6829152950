"""Which form a loop takes, and with what caveat."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.catalog.iterrows import CODEMOD, forms
from codemods.catalog.iterrows.evidence import Evidence, unconditional, weigh
from codemods.catalog.iterrows.loop import Loop, find, other_library
from codemods.catalog.iterrows.uses import Assumed, Column, Label, Refused, Row, Use
from codemods.catalog.iterrows.vectorised import filled
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

MOST_ZIPPED = 8
DRAINS = {
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum",
    "tuple",
}  # fmt: skip
MISSING = (
    "in a row of only text or only dates, a missing value stays what its column holds "
    "(None, say) where it was nan or NaT"
)
NUMBERS = (
    "in a frame of only numbers, values become Python numbers of their own columns "
    "where they were numpy scalars of one common type"
)
DATES = "in a frame of only dates, Timestamps become numpy.datetime64"


@CODEMOD.on(ast.Call)
def loop_over_rows(node: ast.Call, context: Context) -> Verdict:
    loop = find(node, context)
    match loop:
        case None:
            return None
        case str():
            return Decline(loop)
    reason = other_library(loop, context) or unreadable(loop, context)
    if reason is not None:
        return Decline(reason)
    try:
        return rewrite(loop, context)
    except forms.NoForm as why:
        return Decline(str(why))


def unreadable(loop: Loop, context: Context) -> str | None:
    """A reason why the use of names in the loop cannot be known."""
    if context.scope(loop.row).frame.dynamic:
        return "names are read by `eval`, `exec`, `locals` or `vars` here"
    if not isinstance(loop.row, ast.Name):
        return "the row is taken apart by position"
    frame = context.scope(loop.row).frame
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


def rewrite(loop: Loop, context: Context) -> Verdict:
    definition = context.facts.scopes.bound_by[loop.row]
    assert isinstance(loop.row, ast.Name)
    uses = Row(context, loop.row.id).uses(definition)
    for use in uses:
        if isinstance(use, Refused):
            return Decline(use.reason)
    if not uses:
        return Fix(forms.index_only(loop, context), message="the row is not used")
    if any(isinstance(use, Column) and use.attribute for use in uses):
        if catches_attribute_error(loop, context):
            return Decline("a missing column is caught as AttributeError")
    if any(isinstance(use, Label) for use in uses) and live_index(loop, context):
        return Decline("the index label is read after it was rebound")
    evidence = weigh(loop, uses, context)
    zippable = can_zip(loop, uses, context)
    filling = filled(loop, uses, context) if zippable else None
    if filling is not None:
        return Fix(filling, caveat=_caveat(evidence, NUMBERS))
    if zippable and not evidence.numbers_differ:
        made = as_zip(loop, uses, context)
        if made is not None:
            return Fix(made, caveat=_caveat(evidence, NUMBERS))
    return Fix(
        forms.mapped(loop, uses, context),
        caveat=_caveat(evidence, DATES, assumptions(uses, context)),
        message="each row is built as a Series: build a dict from the frame's array",
    )


def catches_attribute_error(loop: Loop, context: Context) -> bool:
    """`row.c` raises it for a missing column, `row["c"]` does not."""
    around = [loop.holder, *context.ancestors(loop.call)]
    inside = [each for part in loop.body for each in ast.walk(part)]
    return any(
        isinstance(handler, ast.ExceptHandler)
        and handler.type is not None
        and "AttributeError" in context.text(handler.type)
        for each in [*around, *inside]
        if isinstance(each, ast.Try)
        for handler in each.handlers
    )


def live_index(loop: Loop, context: Context) -> bool:
    return any(
        len(context.definitions(name)) != 1
        for definition in context.bindings(loop.index)
        for name in context.uses(definition)
    )


def as_zip(loop: Loop, uses: list[Use], context: Context) -> tuple[Edit, ...] | None:
    columns = dict.fromkeys(use.literal for use in uses if isinstance(use, Column))
    return forms.zipped(loop, uses, [c for c in columns if c], context)


def can_zip(loop: Loop, uses: list[Use], context: Context) -> bool:
    """Only columns by literal names, each read in every round, and not too many."""
    assert isinstance(loop.row, ast.Name)
    columns = [use for use in uses if isinstance(use, Column)]
    names = {use.literal for use in columns}
    if None in names or len(names) > MOST_ZIPPED or not columns:
        return False
    inside = {each for part in loop.body for each in ast.walk(part)}
    for use in uses:
        if not isinstance(use, Column | Label) or use.node not in inside:
            return False
        if isinstance(use, Column) and (
            use.lazy or not use.local or use.name.id != loop.row.id
        ):
            return False
    sure = {u.literal for u in columns if unconditional(u.node, loop, context)}
    return sure == names and quiet(loop, context) and not later(columns, context)


def later(columns: list[Column], context: Context) -> bool:
    """Whether a value is read by code that may run in another round."""
    return any(
        context.enclosing(use.node, ast.Lambda) is not None
        or context.scope(use.node).frame is not context.scope(columns[0].node).frame
        for use in columns
    )


def quiet(loop: Loop, context: Context) -> bool:
    """Whether the loop leaves its frame alone: a list of values is a snapshot."""
    root: ast.expr = loop.frame
    while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
        root = root.func if isinstance(root, ast.Call) else root.value
    if not isinstance(root, ast.Name):
        return False
    for part in loop.body:
        for each in ast.walk(part):
            if isinstance(each, ast.Yield | ast.YieldFrom | ast.Await):
                return False
            if isinstance(each, ast.Name) and each.id == root.id:
                if not _only_read(each, context):
                    return False
    return True


def _only_read(name: ast.Name, context: Context) -> bool:
    node: ast.AST = name
    while True:
        up = context.parent(node)
        match up:
            case ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()):
                node = up
            case ast.Attribute() | ast.Subscript():
                return False
            case ast.Call(func=func):
                return (node is not name and node is func) or (
                    context.is_builtin(func, "len")
                )
            case _:
                return isinstance(name.ctx, ast.Load)


def assumptions(uses: list[Use], context: Context) -> list[str]:
    """What the dict form takes for granted of keys and of methods, each once."""
    found: list[str] = []
    for use in uses:
        match use:
            case Assumed(caveat=caveat):
                found.append(caveat)
            case Column(known=False, key=ast.expr() as key):
                found.append(
                    f"assumes that `{context.text(key)}` names a single column"
                )
    return list(dict.fromkeys(found))


def _caveat(evidence: Evidence, form: str, assumed: Sequence[str] = ()) -> str | None:
    """What may differ in a form: lists of columns (NUMBERS) or the array (DATES)."""
    parts = [*assumed]
    if form is NUMBERS and evidence.numbers_differ:
        parts.append(NUMBERS)
    if evidence.missing_differs:
        parts.append(MISSING)
    if form is DATES and evidence.dates_differ:
        parts.append(DATES)
    return "; ".join(parts) or None
