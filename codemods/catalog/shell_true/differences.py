"""What is said about a program that runs without a shell around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import numbered
from codemods.catalog.shell_true.program import check_name, word_list
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.statuses import reads_signal
from codemods.catalog.shell_true.tokens import Slot
from codemods.catalog.shell_true.values import Parts, Unreadable

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.catalog.shell_true.script import Command
    from codemods.catalog.shell_true.tokens import Word
    from codemods.catalog.shell_true.values import Value
    from codemods.context import Context

SCRIPTS = (".sh", ".bash", ".ksh", ".command")
NO_LINE = "a script without a `#!` line only runs in a shell"
ENVIRONMENT = "the shell set `PWD` and the like, which are among what is listed"
INHERITED = "os.system() handed descriptors on that are made inheritable here"
SIGNAL = "a program that a signal ended is -N, where the shell may have said 128 + N"
# Variables that dash or bash sets for what it runs (POSIX.1-2017 XCU 2.5.3, bash(1)).
SET = ("PWD", "OLDPWD", "SHLVL", "_")
HANDS_ON = ("os.set_inheritable", "os.dup2")


def said(
    command: Command, values: list[Value], call: ShellCall, context: Context
) -> Iterator[str]:
    """The caveats about a command's program. Raises Unreadable for an odd `echo`."""
    word = command.words[0]
    if word.text in word_list("twins"):
        check_echo(command)
        yield f"the shell's own `{word.text}` ran, and now the program of that name"
    shown = placeholder(word, values, context)
    if shown is not None:
        yield f"`{shown}` names the program: it cannot be a builtin any more"
    last = word.pieces[-1]
    if not isinstance(last, Slot) and last.value.endswith(SCRIPTS):
        yield NO_LINE
    if lists_environment(command):
        yield ENVIRONMENT
    if call.returns in ("wait", "file") and hands_descriptors_on(context):
        yield INHERITED
    if call.returns == "wait" and is_interactive(command):
        yield f"Ctrl-C in `{word.text}` raises KeyboardInterrupt in Python, too"
    if reads_signal(call, context):
        yield SIGNAL


def placeholder(word: Word, values: list[Value], context: Context) -> str | None:
    """The placeholder that decides which program runs."""
    rooted = any("/" in getattr(piece, "value", "") for piece in word.pieces)
    for piece in word.pieces:
        if isinstance(piece, Slot) and not (rooted and piece.quoting != "bare"):
            value = values[piece.number]
            if value.arms is not None:
                check_arms(value.arms)
            elif not is_known(value.node, word, context):
                return value.field
    return None


def check_arms(arms: tuple[Parts, Parts]) -> None:
    """Refuse a choice between commands of which one is no plain program.

    Raises Unreadable or Refused.
    """
    for arm in arms:
        script = read(numbered(arm)[0])
        command = script.commands[0]
        if script.joins or script.directory or not command.plain:
            raise Unreadable("one of two commands is more than a program")
        if command.words[0].text in word_list("twins") or not command.words[0].text:
            raise Unreadable("one of two commands need not be a program")


def is_known(node: ast.expr, word: Word, context: Context) -> bool:
    """Whether a placeholder is a constant that names a program."""
    if context.qualified_name(node) == "sys.executable":
        return True
    value = context.value_of(node) if isinstance(node, ast.Name) else None
    if isinstance(value, ast.Constant) and len(word.pieces) == 1:
        check_name(str(value.value), word)
        return True
    return False


def check_echo(command: Command) -> None:
    """Refuse what the shells' `echo` and the program read each in their own way."""
    if command.words[0].text != "echo":
        return
    for word in command.words[1:]:
        text = word.text
        if text is None or "\\" in text or text.startswith("-"):
            raise Unreadable("`echo` reads options and backslashes in its own way")


def is_interactive(command: Command) -> bool:
    """Whether a program is one that users end, or interrupt, by Ctrl-C."""
    name, *arguments = (word.text or "" for word in command.words)
    follows = any(each.startswith(("-f", "-F", "--follow")) for each in arguments)
    return name in word_list("interactive") or (name == "tail" and follows)


def lists_environment(command: Command) -> bool:
    """Whether a command shows variables, among them those that a shell sets."""
    program, *words = command.words
    if program.text == "printenv":
        shown = [word.text for word in words if (word.text or "")[:1] != "-"]
        return not shown or any(text is None or text in SET for text in shown)
    if program.text != "env":
        return False
    rest = iter(words)
    for word in rest:
        first = word.pieces[0] if word.pieces else None
        text = first.value if first is not None and not isinstance(first, Slot) else ""
        if text in ("-u", "-C", "--unset", "--chdir"):
            next(rest, None)
        elif not text.startswith("-") and "=" not in text:
            return False
    return True


def hands_descriptors_on(context: Context) -> bool:
    return any(
        isinstance(node, ast.Attribute) and context.qualified_name(node) in HANDS_ON
        for node in ast.walk(context.tree)
    )
