"""`a && b`: one call after the other, each where the one before it did."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.forms import (
    Form,
    form_imports,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame, step
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
    from collections.abc import Sequence

    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.catalog.shell_true.stages import Stage, Workshop

TWO_CALLS = "two calls: what is raised between them is seen by the program"
CALLS = f"several{TWO_CALLS.removeprefix('two')}"


def fix(
    stages: Sequence[Stage], form: Form, workshop: Workshop, orphans: tuple[str, ...]
) -> Fix:
    """The fix for commands whose result nobody reads. Raises Unreadable."""
    call, context = workshop.call, workshop.context
    at = lone_statement(call, form.target, context)
    plain = result_of(call.node, context).discarded and isinstance(at, ast.Expr)
    if not plain or call.returns not in ("process", "status", "wait"):
        raise Unreadable("needs a shell: the result is that of several commands")
    if "\n" in context.text(call.node) or "input" in call.keywords:
        raise Unreadable("needs a shell: it is several commands")
    if "timeout" in call.keywords:
        raise Unreadable("needs a shell: `timeout=` is for all commands together")
    margin = Frame.of(at, context).margin
    lines: list[str] = []
    imports: list[str] = [*form_imports(form, call, context)]
    caveats = [TWO_CALLS if len(stages) == 2 else CALLS]
    for n, stage in enumerate(stages):
        tested = not call.checks and n + 1 < len(stages)
        depth = 0 if call.checks else n
        before, behind = ("if ", f"{zero_test(call)}:") if tested else ("", "")
        frame = inner_frame(at, form.target, depth, context, behind)
        frame = Frame(frame.margin, frame.before + before, frame.behind)
        text, needed, differs = one_call(stage, form, workshop, frame)
        lines.append(f"{step(margin) * depth}{before}{text}{behind}")
        imports += needed
        caveats += differs
    start, end = context.span(at)
    return Fix(
        (Edit(start, end, in_file(f"\n{margin}".join(lines), context)),),
        caveat="; ".join(dict.fromkeys(caveats)),
        imports=tuple(imports),
        orphans=orphans,
    )


def zero_test(call: ShellCall) -> str:
    return " == 0" if call.returns == "status" else ".returncode == 0"


def one_call(
    stage: Stage, form: Form, workshop: Workshop, frame: Frame
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The call of one command, the imports that it needs, and what differs."""
    call, context = workshop.call, workshop.context
    streams = arguments(call, stage.streams, {}, context)
    keywords = {**form.given, **streams.keywords, **stage.keywords}
    written, imports = spelled_keywords(keywords, call, context)
    new = NewCall(function_text(call, form, context), stage.items, written)
    text = rendered(call, new, context, frame)
    return text, imports, (*stage.caveats, *streams.caveats)
