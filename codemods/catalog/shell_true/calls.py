"""Which call hands a command to a shell, and with which arguments."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from codemods.context import Context

Returns = Literal[
    "process", "status", "output", "popen", "wait", "file", "text", "pair"
]

# What each function returns (library reference, "subprocess", "os", "asyncio").
TAKE_SHELL: dict[str, Returns] = {
    "subprocess.run": "process",
    "subprocess.call": "status",
    "subprocess.check_call": "status",
    "subprocess.check_output": "output",
    "subprocess.Popen": "popen",
}
ALWAYS_SHELL: dict[str, Returns] = {
    "os.system": "wait",
    "os.popen": "file",
    "subprocess.getoutput": "text",
    "subprocess.getstatusoutput": "pair",
    "asyncio.create_subprocess_shell": "popen",
    "asyncio.subprocess.create_subprocess_shell": "popen",
}
FIRST_PARAMETER = {"os.system": "command"}
SHELLS = ("sh", "bash", "dash", "ash", "ksh")


@dataclass(frozen=True, slots=True)
class ShellCall:
    """A call that runs `command` in a shell.

    `name` is the function's qualified name, `keywords` are those given by name.
    """

    node: ast.Call
    name: str
    returns: Returns
    command: ast.expr
    keywords: dict[str, ast.expr]

    @property
    def checks(self) -> bool:
        """Whether a failing command raises."""
        check = self.keywords.get("check")
        always = self.name in ("subprocess.check_call", "subprocess.check_output")
        return always or (isinstance(check, ast.Constant) and bool(check.value))

    @property
    def may_check(self) -> bool:
        """Whether a failing command may raise."""
        check = self.keywords.get("check")
        constant = check is None or isinstance(check, ast.Constant)
        return self.checks or not constant

    @property
    def by_position(self) -> bool:
        """Whether `executable` or a stream may be given without its name."""
        after = self.node.args[1:]
        if self.name == "os.popen" or not after:
            return False
        allowed = 1 if self.name in TAKE_SHELL else 0
        return len(after) > allowed or isinstance(after[0], ast.Starred)

    @property
    def spreads(self) -> bool:
        """Whether `**kwargs` may hold more."""
        return any(keyword.arg is None for keyword in self.node.keywords)


def shell_call(node: ast.Call, context: Context) -> ShellCall | None:
    """The shell call that a call is, None for any other."""
    name = context.qualified_name(node.func)
    if name is None:
        return None
    keywords = {each.arg: each.value for each in node.keywords if each.arg}
    parameter = FIRST_PARAMETER.get(name, "args" if name in TAKE_SHELL else "cmd")
    command = node.args[0] if node.args else keywords.get(parameter)
    returns = TAKE_SHELL.get(name)
    if returns is not None and not is_true(keywords.get("shell"), context):
        return None
    returns = returns or ALWAYS_SHELL.get(name)
    if command is None or returns is None or isinstance(command, ast.Starred):
        return None
    return ShellCall(node, name, returns, command, keywords)


def is_true(node: ast.expr | None, context: Context) -> bool:
    """Whether an expression is a constant that counts as true."""
    if isinstance(node, ast.Name):
        node = context.value_of(node)
    return isinstance(node, ast.Constant) and bool(node.value)


def other_shell(call: ShellCall, context: Context) -> str | None:
    """The shell of `executable=` as written, where it is not known to be an `sh`."""
    executable = call.keywords.get("executable")
    value: ast.expr | None = executable
    if isinstance(value, ast.Name):
        value = context.value_of(value)
    match value:
        case None if executable is None:
            return None
        case ast.Constant(value=None):
            return None
        case ast.Constant(value=str() as path):
            return None if path.rpartition("/")[2] in SHELLS else path
        case ast.Call(args=[ast.Constant(value=str() as path)], func=func):
            if context.qualified_name(func) == "shutil.which" and path in SHELLS:
                return None
    assert executable is not None
    return context.text(executable)
