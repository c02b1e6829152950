"""One command: the call with a list, in a `with` block where it opened files."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.forms import (
    NO_TEXT,
    Form,
    form_imports,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.program import word_list
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.structure import arguments, file_names
from codemods.catalog.shell_true.writing import (
    around,
    block,
    in_file,
    inner_frame,
    lone_statement,
    opening,
)
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.stages import Stage, Workshop

EARLIER = "the file is opened before the arguments are evaluated"


def fix(stage: Stage, form: Form, workshop: Workshop, orphans: tuple[str, ...]) -> Fix:
    """The fix for one simple command. Raises Unreadable."""
    call, context = workshop.call, workshop.context
    names = file_names(call, stage.streams, context)
    streams = arguments(call, stage.streams, names, context)
    keywords = {**form.given, **streams.keywords, **stage.keywords}
    written, imports = spelled_keywords(keywords, call, context)
    function = function_text(call, form, context)
    imports = (*imports, *form_imports(form, call, context))
    new = NewCall(function, stage.items, written, spread=form.spread)
    known = stage.program in word_list("utilities")
    formed = [each for each in form.caveats if not (known and each == NO_TEXT)]
    caveats = [*formed, *stage.caveats, *streams.caveats]
    if names and has_effects(form, workshop):
        caveats.append(EARLIER)
    edit = placed(new, form, stage, names, workshop)
    return Fix(
        (edit, *([stage.widening] if stage.widening else [])),
        caveat="; ".join(dict.fromkeys(caveats)) or None,
        imports=imports,
        orphans=orphans,
    )


def has_effects(form: Form, workshop: Workshop) -> bool:
    """Whether anything that ran before the shell opened its files may see them."""
    call, context = workshop.call, workshop.context
    around = {call.node, form.target, *context.ancestors(call.node)}
    beside = [
        child
        for up in around
        if isinstance(up, ast.expr | ast.keyword | ast.stmt)
        and up is not call.node
        and up in ast.walk(context.statement(call.node))
        for child in ast.iter_child_nodes(up)
        if isinstance(child, ast.expr | ast.keyword) and child not in around
    ]
    given = [*call.node.args, *(each.value for each in call.node.keywords)]
    own = [value.node for value in workshop.values]
    plain = [each.value if isinstance(each, ast.keyword) else each for each in beside]
    given = [each for each in given if each is not call.command]
    return not all(map(context.is_pure, [*own, *given, *plain]))


def placed(
    new: NewCall, form: Form, stage: Stage, names: dict[int, str], workshop: Workshop
) -> Edit:
    """The edit that puts the new call where the old one stands."""
    call, context = workshop.call, workshop.context
    if not names:
        frame = Frame.of(form.target, context)
        behind = form.suffix + frame.behind
        frame = Frame(frame.margin, frame.before, behind)
        text = rendered(call, new, context, frame) + form.suffix
        return context.replace(form.target, in_file(text, context))
    at = lone_statement(call, form.target, context)
    margin = Frame.of(at, context).margin
    heads = opening(stage.streams.files, names, margin, workshop.quote[0])
    head, tail = around(at, form.target, context)
    frame = inner_frame(at, form.target, len(heads), context, form.suffix)
    text = rendered(call, new, context, frame, len(heads))
    return block(at, heads, f"{head}{text}{form.suffix}{tail}", context)
