"""`X=1 command`: variables of a command as an argument of the call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import one_word
from codemods.catalog.shell_true.structure import Arguments
from codemods.catalog.shell_true.values import Unreadable, Value

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.catalog.shell_true.script import Command
    from codemods.context import Context


def variables(
    command: Command, values: list[Value], quote: str, call: ShellCall, context: Context
) -> Arguments:
    """`X=1 cmd` as `env={**os.environ, "X": "1"}`. Raises Unreadable."""
    if not command.assignments:
        return Arguments()
    made = [one_word(each.value, values, quote) for each in command.assignments]
    pairs = ", ".join(
        f"{quote[0]}{each.name}{quote[0]}: {value.source}"
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
