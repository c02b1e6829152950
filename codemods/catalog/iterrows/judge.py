"""Which form a loop takes, and with what caveat."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from codemods.catalog.iterrows import CODEMOD, forms
from codemods.catalog.iterrows.evidence import Evidence, weigh
from codemods.catalog.iterrows.loop import Loop, find, other_library
from codemods.catalog.iterrows.names import NoForm
from codemods.catalog.iterrows.order import unconditional
from codemods.catalog.iterrows.uses import (
    Assumed,
    Column,
    Label,
    Mapped,
    Refused,
    Row,
    Use,
)
from codemods.catalog.iterrows.vectorised import filled
from codemods.catalog.iterrows.writes import writes
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

MOST_ZIPPED = 8
MOST_BINDINGS = 4
# What makes a frame without columns of an empty list.
_MADE_OF_ROWS = {
    "pandas.DataFrame", "pandas.json_normalize", "pandas.DataFrame.from_records",
    "pandas.DataFrame.from_dict",
}  # fmt: skip
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
WRITTEN = (
    "with pandas 2, in a frame of one type, rows no longer see what earlier rounds "
    "wrote into the frame"
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
    except NoForm as why:
        return Decline(str(why))


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


def rewrite(loop: Loop, context: Context) -> Verdict:
    for name in ("dict", "zip"):
        if not means_builtin(name, loop, context):
            return Decline(f"`{name}` may be another name than the builtin here")
    definition = context.facts.scopes.bound_by[loop.row]
    assert isinstance(loop.row, ast.Name)
    row = Row(context, loop.row.id)
    uses = row.uses(definition)
    for use in uses:
        if isinstance(use, Refused):
            return Decline(use.reason)
    mixed = also_other(uses, row, context)
    if mixed is not None:
        return Decline(mixed)
    alone = row.bound == {definition}
    if not uses and alone:
        return Fix(forms.index_only(loop, context), message="the row is not used")
    if any(isinstance(use, Column) and use.attribute for use in uses):
        if catches_attribute_error(loop, context):
            return Decline("an error that a missing column raises is caught")
    if any(isinstance(use, Label) for use in uses) and live_index(loop, context):
        return Decline("the index label is read after it was rebound")
    evidence = weigh(loop, uses, context)
    written = writes(loop, context)
    seen = written.reach(uses)
    zippable = alone and can_zip(loop, uses, context) and not (seen or written.open)
    array = _caveat(
        evidence, DATES, [*assumptions(uses, context), *([WRITTEN] if seen else [])]
    )
    filling = filled(loop, uses, context) if zippable else None
    if filling is not None and (array is not None or not evidence.numbers_differ):
        return Fix(filling, caveat=_caveat(evidence, NUMBERS))
    if zippable and not evidence.numbers_differ:
        made = as_zip(loop, uses, context)
        if made is not None:
            return Fix(made, caveat=_caveat(evidence, NUMBERS))
    return Fix(
        forms.mapped(loop, uses, context, copied=seen or written.open),
        caveat=array,
        message="each row is built as a Series: build a dict from the frame's array",
    )


def means_builtin(name: str, loop: Loop, context: Context) -> bool:
    module = context.facts.scopes.module
    shared = module.stars or module.unseen
    return context.scope(loop.call).owner(name) is None and not shared


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
        if "=" in _behind(use.node, context):
            return f"`{context.text(use.node)}` is printed with its own text"
    return None


def _behind(node: ast.AST, context: Context) -> str:
    """`=` where the text of an expression is part of an f-string: `f"{row.a=}"`."""
    for up in [node, *context.ancestors(node)]:
        if isinstance(context.parent(up), ast.FormattedValue):
            end = context.span(up)[1]
            code = context.facts.tree.code[end : end + 20].lstrip()
            if code[:1] == b"=" and code[1:2] != b"=":
                return "="
    return ""


def catches(handlers: tuple[str, ...], nodes: Iterable[ast.AST]) -> bool:
    """Whether one of some `try` statements names one of these exceptions."""
    return any(
        isinstance(part, ast.Name) and part.id in handlers
        for each in nodes
        if isinstance(each, ast.Try | ast.TryStar)
        for handler in each.handlers
        if handler.type is not None
        for part in ast.walk(handler.type)
    )


def catches_attribute_error(loop: Loop, context: Context) -> bool:
    """`row.c` raises it for a missing column, `row["c"]` a KeyError."""
    inside = [each for part in loop.body for each in ast.walk(part)]
    named = ("AttributeError", "KeyError", "LookupError")
    return catches(named, [*context.ancestors(loop.call), *inside])


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
        if isinstance(use, Column) and len(context.definitions(use.name)) != 1:
            return False
        if "=" in _behind(use.node, context):
            return False
    if may_lack(loop.frame, context):
        return False
    if catches(("KeyError", "LookupError"), context.ancestors(loop.call)):
        return False
    sure = {u.literal for u in columns if unconditional(u.node, loop, context)}
    return sure == names and not later(columns, context)


def may_lack(frame: ast.expr, context: Context, depth: int = 0) -> bool:
    """Whether the frame may be seen to be empty without columns, as `DataFrame([])`."""
    while not isinstance(frame, ast.Name):
        match frame:
            case ast.Call(func=function):
                if context.qualified_name(function) in _MADE_OF_ROWS:
                    return not (frame.args and isinstance(frame.args[0], ast.Dict))
                frame = function
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                frame = value
            case _:
                return False
    return depth < MOST_BINDINGS and any(
        definition.value is not None
        and definition.kind == "assign"
        and may_lack(definition.value, context, depth + 1)
        for definition in context.definitions(frame)
    )


def later(columns: list[Column], context: Context) -> bool:
    """Whether a value is read by code that may run in another round."""
    return any(
        context.enclosing(use.node, ast.Lambda) is not None
        or context.scope(use.node).frame is not context.scope(columns[0].node).frame
        for use in columns
    )


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
