"""The programs of a pipe but the last: each a Popen, which the next one reads."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.forms import spelled, spelled_keywords
from codemods.catalog.shell_true.layout import Frame, step
from codemods.catalog.shell_true.render import written_call
from codemods.catalog.shell_true.streams import NULL
from codemods.catalog.shell_true.structure import may_capture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codemods.catalog.shell_true.stages import Stage, Workshop


@dataclass(frozen=True, slots=True)
class Process:
    """A program of a pipe that is not the last: its variable and its Popen."""

    name: str
    function: str
    items: tuple[str, ...]
    keywords: dict[str, str | None]

    def written(self, frame: Frame) -> str:
        return written_call(self.function, self.items, self.keywords, frame)


def made_processes(
    stages: Sequence[Stage], workshop: Workshop, taken: Iterable[str]
) -> tuple[list[Process], tuple[str, ...]]:
    """The programs before the last, each reading what the one before it writes."""
    call, context = workshop.call, workshop.context
    popen, needed = spelled("subprocess.Popen", call, context)
    imports = [*needed]
    found: list[Process] = []
    for stage in stages:
        names = [each.name for each in found]
        name = context.fresh_name(call.node, variable_for(stage), *names, *taken)
        shared: dict[str, str | None] = {
            key: context.text(call.keywords[key])
            for key in ("stdin", "cwd", "env")
            if key in call.keywords and key not in stage.keywords
        }
        reads = {"stdin": f"{names[-1]}.stdout"} if names else {}
        given = {"stdout": "subprocess.PIPE", **errors_of(stage, workshop)}
        kept, more = spelled_keywords(
            {**shared, **reads, **given, **stage.keywords}, call, context
        )
        found.append(Process(name, popen, stage.items, kept))
        imports += more
    return found, tuple(imports)


def opened(processes: Sequence[Process], margin: str, depth: int) -> list[str]:
    """The `with` lines, each inside the one before it."""
    heads = []
    for n, each in enumerate(processes, depth):
        inner = margin + step(margin) * n
        frame = Frame(inner, f"{inner}with ", f" as {each.name}:")
        heads.append(f"with {each.written(frame)} as {each.name}:")
    return heads


def errors_of(stage: Stage, workshop: Workshop) -> dict[str, str]:
    """The `stderr=` of a program that is not the last."""
    match stage.streams.ends[2]:
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
    """A name for a process: its program's, where that is a name."""
    program = (stage.program or "").rpartition("/")[2].replace("-", "_")
    return program if program.isidentifier() and program.isascii() else "first"
