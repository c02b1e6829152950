"""What the terminal, if it is one, wants."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


# How a line of a diff starts, and the colour it has then.
PAINT = (
    *((b"+++", b"1"), (b"---", b"1"), (b"diff ", b"1")),
    *((b"@@", b"36"), (b"+", b"32"), (b"-", b"31")),
)


def wants_colour(stream: TextIO) -> bool:
    """Whether to write colours to a stream: https://no-color.org"""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream goes to, if it is one."""
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return None


def painted(diff: bytes) -> bytes:
    """A diff as git colours it."""
    return b"".join(map(painted_line, diff.splitlines(keepends=True)))


def painted_line(line: bytes) -> bytes:
    code = next((code for start, code in PAINT if line.startswith(start)), None)
    if code is None:
        return line
    text = line.rstrip(b"\r\n")
    return b"\x1b[" + code + b"m" + text + b"\x1b[0m" + line[len(text) :]
