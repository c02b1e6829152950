"""Redirections, variables and directories of a command as arguments of the call."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import Element, one_word
from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.values import Unreadable, Value

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.catalog.shell_true.script import Command
    from codemods.context import Context

STREAMS = {0: "stdin", 1: "stdout", 2: "stderr"}
MODES = {"<": "rb", ">": "wb", ">>": "ab"}
FILE_NAMES = {0: "source", 1: "out", 2: "errors"}
GIVEN, NULL = "given", "null"


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


@dataclass(frozen=True, slots=True)
class Arguments:
    """Keywords of the new call (None takes one away), files to open, caveats."""

    keywords: dict[str, str | None] = field(default_factory=dict)
    files: tuple[Opened, ...] = ()
    caveats: tuple[str, ...] = ()
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


def arguments(
    call: ShellCall, streams: Streams, names: dict[int, str], context: Context
) -> Arguments:
    """The keywords for a command's streams. Raises Unreadable for what conflicts."""
    keywords: dict[str, str | None] = {}
    before = given(call)
    changed = [stream for stream in (0, 1, 2) if streams.ends[stream] != GIVEN]
    if 0 in changed and ("input" in call.keywords or "stdin" in call.keywords):
        raise Unreadable("the input is given twice")
    if 1 in changed and before[2] == "STDOUT":
        raise Unreadable("`stderr=STDOUT` meant the output before its redirection")
    if 1 in changed and call.name == "subprocess.check_output":
        raise Unreadable("the output that is asked for goes elsewhere")
    for stream in changed:
        keywords[STREAMS[stream]] = written(streams.ends[stream], names)
    if changed and "capture_output" in call.keywords:
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


def given(call: ShellCall) -> dict[int, str]:
    """What the call does with its streams: PIPE, STDOUT, inherit or unknown."""
    found: dict[int, str] = {}
    capture = "capture_output" in call.keywords
    for stream in (1, 2):
        match call.keywords.get(STREAMS[stream]):
            case None:
                always = stream == 1 and call.returns in ("output", "file", "text")
                found[stream] = "PIPE" if capture or always else "inherit"
            case ast.Attribute(attr="PIPE" | "STDOUT" | "DEVNULL" as name):
                found[stream] = name
            case ast.Name(id="PIPE" | "STDOUT" | "DEVNULL" as name):
                found[stream] = name
            case _:
                found[stream] = "unknown"
    return found


def lost_stream(call: ShellCall, stream: int, context: Context) -> str | None:
    """A caveat where the program may read a stream that is no longer captured."""
    name = STREAMS[stream]
    result = result_of(call.node, context)
    if call.returns in ("status", "output", "text", "file"):
        return None
    read = {name, "communicate", "stdout" if stream == 1 else "stderr"}
    if result.escapes or result.attributes & read:
        return f"`.{name}` is None now: it was empty, for the shell redirected it"
    return None


def variables(
    command: Command, values: list[Value], quote: str, call: ShellCall, context: Context
) -> Arguments:
    """`X=1 cmd` as `env={**os.environ, "X": "1"}`. Raises Unreadable."""
    if not command.assignments:
        return Arguments()
    made = [one_word(each.value, values, quote) for each in command.assignments]
    pairs = ", ".join(
        f"{quote}{each.name}{quote}: {value.source}"
        for each, value in zip(command.assignments, made, strict=True)
    )
    env = call.keywords.get("env")
    inherited = "os.environ"
    if env is not None and not (isinstance(env, ast.Constant) and env.value is None):
        if not is_mapping(env, context):
            raise Unreadable("variables are set beside an `env=` that may be None")
        inherited = context.text(env)
    return Arguments({"env": f"{{**{inherited}, {pairs}}}"}, elements=tuple(made))


def is_mapping(env: ast.expr, context: Context) -> bool:
    kind = context.type_of(env)
    name = context.qualified_name(env)
    return name == "os.environ" or (kind is not None and kind.name == "dict")
