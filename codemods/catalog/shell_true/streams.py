"""Where the streams of a command go after its redirections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import Element, one_word
from codemods.catalog.shell_true.values import Unreadable, Value

if TYPE_CHECKING:
    from codemods.catalog.shell_true.script import Command

MODES = {"<": "rb", ">": "wb", ">>": "ab"}

GIVEN = "given"

NULL = "null"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that the shell opened: its path as an expression, and our name for it."""

    path: str
    mode: str
    stream: int


@dataclass(frozen=True, slots=True)
class Streams:
    """Where each stream goes: as before, to nothing, into a file, or with stdout."""

    ends: dict[int, str | Opened]
    files: tuple[Opened, ...] = ()
    elements: tuple[Element, ...] = ()


def directed(command: Command, values: list[Value], quote: str) -> Streams:
    """The streams of a command after its redirections, in order. Raises Unreadable."""
    ends: dict[int, str | Opened] = {0: GIVEN, 1: GIVEN, 2: GIVEN}
    files: list[Opened] = []
    elements: list[Element] = []
    for each in command.redirections:
        stream = each.descriptor
        if each.operator == ">&":
            ends[stream] = copied(stream, int(each.target.text or 0), ends)
        elif each.target.text == "/dev/null":
            ends[stream] = NULL
        else:
            made = one_word(each.target, values, quote)
            elements.append(made)
            opened = Opened(made.source, MODES[each.operator], stream)
            if any(isinstance(end, Opened) and end.stream == stream for end in files):
                raise Unreadable("a stream is redirected twice")
            files.append(opened)
            ends[stream] = opened
    if ends[2] == "stdout" and ends[1] != frozen_at(command, ends):
        raise Unreadable("`2>&1` stands before the redirection of the output")
    return Streams(ends, tuple(files), tuple(elements))


def copied(stream: int, target: int, ends: dict[int, str | Opened]) -> str | Opened:
    if (stream, target) == (2, 1):
        return "stdout"
    if (stream, target) == (1, 2) and ends[2] != GIVEN:
        return ends[2]
    if stream == target:
        return ends[stream]
    raise Unreadable("the output goes to standard error")


def frozen_at(command: Command, ends: dict[int, str | Opened]) -> str | Opened:
    """Where stdout went when `2>&1` copied it; anything else than now is refused."""
    seen = False
    for each in command.redirections:
        if each.operator == ">&" and each.descriptor == 2:
            seen = True
        elif seen and each.descriptor == 1:
            return "changed"
    return ends[1]
