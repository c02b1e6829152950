"""Several commands: a pipe, or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.catalog.shell_true import pipes, sequences
from codemods.catalog.shell_true.values import Unreadable

if TYPE_CHECKING:
    import ast

    from codemods.catalog.shell_true.forms import Form
    from codemods.catalog.shell_true.script import Script
    from codemods.catalog.shell_true.stages import Workshop
    from codemods.model import Fix

NUMBERS = {2: "two", 3: "three", 4: "four"}


def fix(
    script: Script, form: Form, workshop: Workshop, orphans: tuple[str, ...]
) -> Fix:
    """The fix for several commands. Raises Unreadable."""
    if len(set(script.joins)) > 1:
        raise Unreadable("needs a shell: it is a pipe and a sequence at once")
    stages = [
        workshop.stage(each, script.directory, alone=False) for each in script.commands
    ]
    piped = script.joins[0] == "|"
    before = stages[:-1] if piped and workshop.call.returns != "popen" else stages
    if any(stage.streams.files for stage in before):
        raise Unreadable("needs a shell: several commands and a redirection to a file")
    if form.spread or not all(map(workshop.context.is_pure, kept_values(workshop))):
        count = NUMBERS.get(len(stages), str(len(stages)))
        raise Unreadable(f"needs a shell: it is {count} commands")
    if not all(workshop.context.is_pure(value.node) for value in workshop.values):
        raise Unreadable("its values would be evaluated when a program runs already")
    if piped:
        return pipes.fix(stages, form, workshop, orphans)
    return sequences.fix(stages, form, workshop, orphans)


def kept_values(workshop: Workshop) -> list[ast.expr]:
    """The arguments that all calls would evaluate."""
    call = workshop.call
    return [
        value
        for name, value in call.keywords.items()
        if value is not call.command and name not in ("shell", "executable")
    ]
