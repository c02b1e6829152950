"""What each function that takes a shell command is replaced by."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.results import result_of
from codemods.catalog.shell_true.values import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context

PIPE, STDOUT = "subprocess.PIPE", "subprocess.STDOUT"
NO_TEXT = "a missing program raises FileNotFoundError, where the shell wrote a message"
SPLITS = "splitlines() also splits at form feeds and at U+0085, U+2028 and U+2029"
LINES = ".stdout.splitlines(keepends=True)"


@dataclass(frozen=True, slots=True)
class Form:
    """How the new call is written.

    `target` is the expression that it replaces, `function` its qualified name (None:
    as before), `suffix` what follows it, `spread` whether the words are arguments
    of their own. `given` are keywords it needs, `caveats` what differs besides.
    """

    target: ast.expr
    function: str | None = None
    suffix: str = ""
    spread: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


def form_of(call: ShellCall, context: Context) -> Form:
    """The form for a call. Raises Unreadable where its result has no equal."""
    match call.returns:
        case "wait":
            return waited(call, context)
        case "file":
            return opened(call, context)
        case "text":
            given = {"stdout": PIPE, "stderr": STDOUT, "text": "True"}
            suffix = '.stdout.removesuffix("\\n")'
            return Form(call.node, "subprocess.run", suffix, False, given, (NO_TEXT,))
        case "pair":
            raise Unreadable("status and text are returned at once")
    if call.name.startswith("asyncio."):
        name = call.name.removesuffix("_shell") + "_exec"
        return Form(call.node, name, spread=True)
    return Form(call.node)


def waited(call: ShellCall, context: Context) -> Form:
    """`os.system`: its wait status only matters as far as it is zero."""
    result = result_of(call.node, context)
    if result.discarded and isinstance(context.parent(call.node), ast.Expr):
        return Form(call.node, "subprocess.run")
    if result.compared or result.discarded:
        return Form(call.node, "subprocess.run", ".returncode")
    raise Unreadable("os.system() returns a wait status, and it is used as a number")


def opened(call: ShellCall, context: Context) -> Form:
    """`os.popen`, as far as its whole text or its lines are read."""
    if len(call.node.args) != 1 or call.keywords:
        raise Unreadable("os.popen() is used with a mode")
    given = {"stdout": PIPE, "text": "True"}
    up = context.parent(call.node)
    reading = context.parent(up) if isinstance(up, ast.Attribute) else None
    match up, reading:
        case ast.Attribute(attr="read"), ast.Call(args=[], keywords=[]):
            return Form(reading, "subprocess.run", ".stdout", False, given, (NO_TEXT,))
        case ast.Attribute(attr="readlines"), ast.Call(args=[], keywords=[]):
            caveats = (NO_TEXT, SPLITS)
            return Form(reading, "subprocess.run", LINES, False, given, caveats)
        case ((ast.For(iter=it) | ast.comprehension(iter=it)), _) if it is call.node:
            late = (NO_TEXT, SPLITS, "the lines come when the program has ended")
            return Form(call.node, "subprocess.run", LINES, False, given, late)
    raise Unreadable("os.popen() is used as more than its text")


def function_text(call: ShellCall, form: Form, context: Context) -> str:
    """The new function as it may be written here. Raises Unreadable."""
    if form.function is None:
        return context.text(call.node.func)
    return spelled(form.function, call, context)[0]


def spelled(
    qualified: str, call: ShellCall, context: Context
) -> tuple[str, tuple[str, ...]]:
    """How a module's name may be written at a call, and the imports it needs."""
    try:
        return context.spelling(qualified, context.statement(call.node))
    except LookupError as error:
        raise Unreadable(str(error)) from error


def spelled_keywords(
    keywords: Mapping[str, str | None], call: ShellCall, context: Context
) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """Keywords with `subprocess.PIPE` and `os.environ` as they may be written here."""
    written: dict[str, str | None] = {}
    imports: list[str] = []
    for name, value in keywords.items():
        for qualified in (PIPE, STDOUT, "subprocess.DEVNULL", "os.environ"):
            if value is not None and (value == qualified or f"**{qualified}," in value):
                text, needed = spelled(qualified, call, context)
                value = value.replace(qualified, text)
                imports += needed
        written[name] = value
    return written, tuple(imports)


def form_imports(form: Form, call: ShellCall, context: Context) -> tuple[str, ...]:
    """The imports that the new function needs."""
    if form.function is None:
        return ()
    return spelled(form.function, call, context)[1]
