"""`a && b`: one call after the other."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.forms import (
    Form,
    form_imports,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import step
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.structure import arguments
from codemods.catalog.shell_true.values import Unreadable
from codemods.catalog.shell_true.writing import (
    in_file,
    inner_frame,
    lone_statement,
)
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.stages import Stage, Workshop

TWO_CALLS = "two calls: what is raised between them is seen by the program"

RETURN_ZERO = ".returncode == 0:"


def sequence(
    first: Stage, last: Stage, form: Form, workshop: Workshop, orphans: tuple[str, ...]
) -> Fix:
    """`a && b`, whose result nobody reads: two calls, the second if the first did."""
    call, context = workshop.call, workshop.context
    at = lone_statement(call, form.target, context)
    plain = result_of(call.node, context).discarded and isinstance(at, ast.Expr)
    if not plain or call.returns not in ("process", "status", "wait"):
        raise Unreadable("needs a shell: the result is that of two commands")
    if "\n" in context.text(call.node) or "input" in call.keywords:
        raise Unreadable("needs a shell: it is two commands")
    depth = 0 if call.checks else 1
    behind = "" if call.checks else f"if {RETURN_ZERO}"
    frames = [
        inner_frame(at, form.target, n, context, more)
        for n, more in ((0, behind), (depth, ""))
    ]
    texts = []
    imports: list[str] = [*form_imports(form, call, context)]
    caveats = [TWO_CALLS]
    for stage, frame in zip((first, last), frames, strict=True):
        streams = arguments(call, stage.streams, {}, context)
        keywords = {**form.given, **streams.keywords, **stage.keywords}
        written, needed = spelled_keywords(keywords, call, context)
        new = NewCall(function_text(call, form, context), stage.items, written)
        texts.append(rendered(call, new, context, frame))
        imports += needed
        caveats += [*stage.caveats, *streams.caveats]
    margin = frames[0].margin
    status = "" if call.returns == "status" else ".returncode"
    text = f"{texts[0]}\n{margin}{texts[1]}"
    if not call.checks:
        text = f"if {texts[0]}{status} == 0:\n{margin}{step(margin)}{texts[1]}"
    start, end = context.span(at)
    return Fix(
        (Edit(start, end, in_file(text, context)),),
        caveat="; ".join(dict.fromkeys(caveats)),
        imports=tuple(imports),
        orphans=orphans,
    )
