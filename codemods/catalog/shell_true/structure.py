"""Redirections, variables and directories of a command as arguments of the call."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import handlers
from codemods.catalog.shell_true.elements import Element
from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.streams import GIVEN, Opened, Streams
from codemods.catalog.shell_true.values import Unreadable

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

STREAMS = {0: "stdin", 1: "stdout", 2: "stderr"}
FILE_NAMES = {0: "source", 1: "out", 2: "errors"}


KINDS = {name: name for name in ("PIPE", "STDOUT", "DEVNULL")}


@dataclass(frozen=True, slots=True)
class Arguments:
    """Keywords of the new call (None takes one away), files to open, caveats."""

    keywords: dict[str, str | None] = field(default_factory=dict)
    files: tuple[Opened, ...] = ()
    caveats: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()


def file_names(call: ShellCall, streams: Streams, context: Context) -> dict[int, str]:
    """A variable for each file that is opened, by its stream."""
    return {
        each.stream: context.fresh_name(call.node, FILE_NAMES[each.stream])
        for each in streams.files
    }


def arguments(
    call: ShellCall, streams: Streams, names: dict[int, str], context: Context
) -> Arguments:
    """The keywords for a command's streams. Raises Unreadable for what conflicts."""
    keywords: dict[str, str | None] = {}
    before = given(call, context)
    changed = [stream for stream in (0, 1, 2) if streams.ends[stream] != GIVEN]
    if 0 in changed and ("input" in call.keywords or "stdin" in call.keywords):
        raise Unreadable("the input is given twice")
    if 1 in changed and before[2] == "STDOUT":
        raise Unreadable("`stderr=STDOUT` meant the output before its redirection")
    if 1 in changed and call.returns in ("output", "text", "file"):
        raise Unreadable("the output that is asked for goes elsewhere")
    for stream in changed:
        keywords[STREAMS[stream]] = written(streams.ends[stream], names)
    if changed and captures(call):
        keywords = {"capture_output": None, **keywords}
        for stream in (1, 2):
            if stream not in changed:
                keywords[STREAMS[stream]] = "subprocess.PIPE"
    lost = [s for s in (1, 2) if s in changed and before[s] in ("PIPE", "unknown")]
    caveats = tuple(c for s in lost if (c := lost_stream(call, s, context)))
    ordered = {name: keywords[name] for name in ORDER if name in keywords}
    return Arguments(ordered, streams.files, caveats, streams.elements)


ORDER = ("capture_output", "stdin", "stdout", "stderr", "env", "cwd")


def written(end: str | Opened, names: dict[int, str]) -> str:
    match end:
        case Opened(stream=stream):
            return names[stream]
        case "null":
            return "subprocess.DEVNULL"
    return "subprocess.STDOUT"


def given(call: ShellCall, context: Context) -> dict[int, str]:
    """What the call does with its streams: PIPE, STDOUT, inherit or unknown."""
    found: dict[int, str] = {}
    capture = may_capture(call)
    for stream in (1, 2):
        match call.keywords.get(STREAMS[stream]):
            case None:
                always = stream == 1 and call.returns in ("output", "file", "text")
                found[stream] = "PIPE" if capture or always else "inherit"
            case value:
                name = context.qualified_name(value) or ""
                found[stream] = KINDS.get(name.rpartition(".")[2], "unknown")
    return found


def captures(call: ShellCall) -> bool:
    """Whether `capture_output=` is true. Raises Unreadable where that is not known."""
    match call.keywords.get("capture_output"):
        case None:
            return False
        case ast.Constant(value=value):
            return bool(value)
    raise Unreadable("`capture_output=` may be true or false beside a redirection")


def may_capture(call: ShellCall) -> bool:
    given = call.keywords.get("capture_output")
    return given is not None and not (
        isinstance(given, ast.Constant) and not given.value
    )


def lost_stream(call: ShellCall, stream: int, context: Context) -> str | None:
    """A caveat where the program may read a stream that is no longer captured."""
    name = STREAMS[stream]
    result = result_of(call.node, context)
    of_error = {"stderr"} if stream == 2 else {"stdout", "output"}
    if call.may_check and handlers.reads_error(call, of_error, context):
        return f"`.{name}` of the error is None now, and was empty"
    if call.returns in ("status", "output", "text", "file"):
        return None
    read = {name, "communicate", "stdout" if stream == 1 else "stderr"}
    if result.escapes or result.attributes & read:
        return f"`.{name}` is None now, and was empty, for the shell redirected it"
    return None
