"""Where the streams of a command go, and the operators that only a shell has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codemods.catalog.shell_true.tokens import NEWLINE, Operator, Refused, Token, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDS_SHELL = {
    ";": "needs a shell: it makes several commands",
    NEWLINE: "needs a shell: it makes several commands",
    "||": "needs a shell: it decides by the exit status",
    "&": "needs a shell: it runs in the background",
    "<<": "needs a shell: it is a here-document",
    "<<-": "needs a shell: it is a here-document",
    "(": "needs a shell: it is a subshell",
    ")": "needs a shell: it is a subshell",
    "<(": "needs bash: it is a process substitution",
    ">(": "needs bash: it is a process substitution",
    "<<<": "needs bash: it is a here-string",
    "&>": "means something else in sh than in bash",
    "&>>": "means something else in sh than in bash",
    "|&": "means something else in sh than in bash",
    ">|": "needs a shell: it overrides `noclobber`",
    "<>": "needs a shell: it opens for reading and writing",
    "<&": "needs a shell: it copies a descriptor",
    ";;": "is a syntax error",
}


@dataclass(frozen=True, slots=True)
class Redirection:
    """`descriptor` is 0, 1 or 2; the target of `>&` is a descriptor's digit."""

    descriptor: int
    operator: Literal["<", ">", ">>", ">&"]
    target: Word


def redirection(operator: Operator, rest: Iterator[Token]) -> Redirection:
    match operator.text:
        case "<" | ">" | ">>" | ">&" as kind:
            number = operator.descriptor
        case text:
            shown = "a newline" if text == NEWLINE else f"`{text}`"
            raise Refused(shown, NEEDS_SHELL[text], operator.start)
    descriptor = (0 if kind == "<" else 1) if number is None else number
    target = next(rest, None)
    if not isinstance(target, Word):
        raise Refused(f"`{kind}`", "has no file", operator.start)
    if descriptor > 2 or (descriptor == 0) != (kind == "<"):
        raise Refused(f"`{descriptor}{kind}`", "needs a shell", operator.start)
    if kind == ">&" and target.bare not in ("1", "2"):
        raise Refused("`>&`", "needs a shell: it copies a descriptor", operator.start)
    if is_device(target):
        raise Refused(f"`{target.text}`", "is the shell's own stream", target.start)
    return Redirection(descriptor, kind, target)


def is_device(target: Word) -> bool:
    """Whether a file is one that a shell, or the process that opens it, interprets."""
    devices = ("/dev/std", "/dev/fd", "/dev/tcp/", "/dev/udp/", "/dev/tty", "/proc/")
    return (target.text or "").startswith(devices)
