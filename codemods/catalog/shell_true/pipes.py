"""`a | b | c`: a Popen for each program but the last, whose input is the one before."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.forms import (
    Form,
    form_imports,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.processes import (
    Process,
    captures_errors,
    made_processes,
    opened,
)
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.streams import GIVEN, Streams
from codemods.catalog.shell_true.structure import arguments, file_names
from codemods.catalog.shell_true.values import Unreadable
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
    from collections.abc import Sequence

    from codemods.catalog.shell_true.stages import Stage, Workshop

ERRORS = "only the last program's errors are captured"
COUNTS = ("both", "all three", "all four")
# More programs are better left to a shell.
MOST = len(COUNTS) + 1


def fix(
    stages: Sequence[Stage], form: Form, workshop: Workshop, orphans: tuple[str, ...]
) -> Fix:
    """The fix for a pipe of programs. Raises Unreadable."""
    call, context = workshop.call, workshop.context
    check_pipe(stages, workshop)
    *before, last = stages
    names = file_names(call, last.streams, context)
    processes, imports = made_processes(before, workshop, names.values())
    streams = arguments(call, last.streams, names, context)
    keywords = {**form.given, **streams.keywords, **last.keywords}
    written, more = spelled_keywords(keywords, call, context)
    written = {"stdin": f"{processes[-1].name}.stdout", **written}
    new = NewCall(function_text(call, form, context), last.items, written)
    caveats = [two_programs(len(stages)), *(c for each in stages for c in each.caveats)]
    caveats += streams.caveats
    if captures_errors(workshop):
        caveats.append(ERRORS)
    return Fix(
        (pipe_edit(processes, last.streams, names, new, form, workshop),),
        caveat="; ".join(dict.fromkeys(caveats)),
        imports=(*imports, *more, *form_imports(form, call, context)),
        orphans=orphans,
    )


def two_programs(count: int) -> str:
    return (
        f"Python starts {COUNTS[count - 2]} programs and waits for them, and one that "
        "is missing raises FileNotFoundError"
    )


def pipe_edit(
    processes: Sequence[Process],
    streams: Streams,
    names: dict[int, str],
    new: NewCall,
    form: Form,
    workshop: Workshop,
) -> Edit:
    """The statement in `with` blocks of its own, or behind the first programs."""
    call, context = workshop.call, workshop.context
    at = lone_statement(call, form.target, context)
    margin = Frame.of(at, context).margin
    head, tail = around(at, form.target, context)
    heads = opening(streams.files, names, margin, workshop.quote) if names else []
    if call.returns != "popen":
        heads += opened(processes, margin, len(heads))
    depth = len(heads)
    frame = inner_frame(at, form.target, depth, context, form.suffix)
    text = rendered(call, new, context, frame, depth)
    body = f"{head}{text}{form.suffix}{tail}"
    if depth:
        return block(at, heads, body, context)
    lines: list[str] = []
    for each in processes:
        before = f"{each.name} = "
        lines.append(before + each.written(Frame(margin, margin + before, "")))
    lines += [body, *(f"{each.name}.stdout.close()" for each in processes)]
    start, end = context.span(at)
    return Edit(start, end, in_file(f"\n{margin}".join(lines), context))


def check_pipe(stages: Sequence[Stage], workshop: Workshop) -> None:
    if len(stages) > MOST:
        raise Unreadable(f"needs a shell: it is a pipe of {len(stages)} programs")
    if "input" in workshop.call.keywords:
        raise Unreadable("needs a shell: `input=` goes to the first program alone")
    if "timeout" in workshop.call.keywords:
        raise Unreadable("needs a shell: `timeout=` ends all programs at once")
    for one, next_one in pairwise(stages):
        if one.streams.ends[1] != GIVEN or next_one.streams.ends[0] != GIVEN:
            raise Unreadable("needs a shell: a stream of the pipe is redirected")
