"""Several commands: a pipe of two, or one after the other."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.forms import (
    Form,
    form_imports,
    function_text,
    spelled,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.render import rendered, written_call
from codemods.catalog.shell_true.sequences import sequence
from codemods.catalog.shell_true.streams import GIVEN, NULL
from codemods.catalog.shell_true.structure import arguments, may_capture
from codemods.catalog.shell_true.values import Unreadable
from codemods.catalog.shell_true.writing import (
    around,
    block,
    deeper,
    in_file,
    inner_frame,
    lone_statement,
)
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.script import Script
    from codemods.catalog.shell_true.stages import Stage, Workshop

TWO_PROGRAMS = (
    "Python starts both programs and waits for them, and one that is missing "
    "raises FileNotFoundError"
)
ERRORS = "only the last program's errors are captured"


def fix(
    script: Script, form: Form, workshop: Workshop, orphans: tuple[str, ...]
) -> Fix:
    """The fix for two commands. Raises Unreadable."""
    if len(script.commands) != 2:
        raise Unreadable(f"needs a shell: it is {len(script.commands)} commands")
    stages = [
        workshop.stage(each, script.directory, alone=False) for each in script.commands
    ]
    if any(stage.streams.files for stage in stages):
        raise Unreadable("needs a shell: several commands and a redirection to a file")
    if form.spread or not all(map(workshop.context.is_pure, kept_values(workshop))):
        raise Unreadable("needs a shell: it is two commands")
    if script.joins == ("|",):
        return piped(stages[0], stages[1], form, workshop, orphans)
    return sequence(stages[0], stages[1], form, workshop, orphans)


def kept_values(workshop: Workshop) -> list[ast.expr]:
    """The arguments that both calls would evaluate."""
    call = workshop.call
    return [
        value
        for name, value in call.keywords.items()
        if value is not call.command and name not in ("shell", "executable")
    ]


def piped(
    first: Stage, last: Stage, form: Form, workshop: Workshop, orphans: tuple[str, ...]
) -> Fix:
    """`a | b`: a Popen whose output the second call reads."""
    call, context = workshop.call, workshop.context
    check_pipe(first, last, workshop)
    name = context.fresh_name(call.node, variable_for(first))
    given = {"stdout": "subprocess.PIPE", **errors_of_first(first, workshop)}
    shared: dict[str, str | None] = {
        key: context.text(call.keywords[key])
        for key in ("stdin", "cwd", "env")
        if key in call.keywords and key not in first.keywords
    }
    kept, imports = spelled_keywords(
        {**shared, **given, **first.keywords}, call, context
    )
    popen, needed = spelled("subprocess.Popen", call, context)
    streams = arguments(call, last.streams, {}, context)
    keywords = {**form.given, **streams.keywords, **last.keywords}
    new_keywords, more = spelled_keywords(keywords, call, context)
    new_keywords = {"stdin": f"{name}.stdout", **new_keywords}
    new = NewCall(function_text(call, form, context), last.items, new_keywords)
    at = lone_statement(call, form.target, context)
    caveats = [TWO_PROGRAMS, *first.caveats, *last.caveats, *streams.caveats]
    if captures_errors(workshop):
        caveats.append(ERRORS)
    edit = pipe_edit(at, name, (popen, first.items, kept), new, form, workshop)
    return Fix(
        (edit,),
        caveat="; ".join(dict.fromkeys(caveats)),
        imports=(*imports, *needed, *more, *form_imports(form, call, context)),
        orphans=orphans,
    )


def pipe_edit(
    at: ast.stmt,
    name: str,
    first: tuple[str, tuple[str, ...], dict[str, str | None]],
    new: NewCall,
    form: Form,
    workshop: Workshop,
) -> Edit:
    call, context = workshop.call, workshop.context
    margin = Frame.of(at, context).margin
    head, tail = around(at, form.target, context)
    nested = call.returns != "popen"
    frame = inner_frame(at, form.target, int(nested), context, form.suffix)
    text = rendered(call, new, context, frame)
    if nested and "\n" in context.text(call.node):
        text = deeper(text, 1, margin)
    body = f"{head}{text}{form.suffix}{tail}"
    if nested:
        before = Frame(margin, f"{margin}with ", f" as {name}:")
        opened = written_call(first[0], first[1], first[2], before)
        return block(at, [f"with {opened} as {name}:"], body, context)
    before = Frame(margin, f"{margin}{name} = ", "")
    opened = written_call(first[0], first[1], first[2], before)
    lines = [f"{name} = {opened}", body, f"{name}.stdout.close()"]
    start, end = context.span(at)
    return Edit(start, end, in_file(f"\n{margin}".join(lines), context))


def check_pipe(first: Stage, last: Stage, workshop: Workshop) -> None:
    if "input" in workshop.call.keywords:
        raise Unreadable("needs a shell: `input=` goes to the first of two programs")
    if "timeout" in workshop.call.keywords:
        raise Unreadable("needs a shell: `timeout=` ends two programs at once")
    if first.streams.ends[1] != GIVEN or last.streams.ends[0] != GIVEN:
        raise Unreadable("needs a shell: a stream of the pipe is redirected")


def errors_of_first(first: Stage, workshop: Workshop) -> dict[str, str]:
    """The `stderr=` of the first program."""
    match first.streams.ends[2]:
        case "stdout":
            return {"stderr": "subprocess.STDOUT"}
        case end if end == NULL:
            return {"stderr": "subprocess.DEVNULL"}
    given = workshop.call.keywords.get("stderr")
    if given is None or captures_errors(workshop):
        return {}
    return {"stderr": workshop.context.text(given)}


def captures_errors(workshop: Workshop) -> bool:
    given = workshop.call.keywords.get("stderr")
    captured = isinstance(given, ast.Attribute | ast.Name) and (
        workshop.context.text(given).rpartition(".")[2] in ("PIPE", "STDOUT")
    )
    return captured or may_capture(workshop.call)


def variable_for(stage: Stage) -> str:
    """A name for the first process: its program's, where that is a name."""
    program = (stage.program or "").rpartition("/")[2].replace("-", "_")
    return program if program.isidentifier() and program.isascii() else "first"
