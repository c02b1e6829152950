"""Small codemods to run the engine with."""

from __future__ import annotations

import ast

import libcst as cst

from codemods.context import Context
from codemods.engine import Settings, run
from codemods.model import Codemod, Decline, Fix, Result, Source, Verdict


def _codemod(name: str, word: bytes, ignored_by: tuple[str, ...] = ()) -> Codemod:
    return Codemod(
        module=f"tests.{name}",
        page=name,
        message=f"found {name}",
        words=(word,),
        ignored_by=ignored_by,
    )


def calls(context: Context, node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == name


# old(x) -> new(x), by libcst.
RENAME = _codemod("rename", b"old", ignored_by=("X100",))


@RENAME.on(cst.Call)
def rename(node: cst.Call, context: Context) -> Verdict:
    match node.func:
        case cst.Name("old") if node.args:
            return Fix(node.with_changes(func=cst.Name("new")))
        case cst.Name("old"):
            return Decline("no argument")
    return None


# wrap(x) -> x, by ast.
UNWRAP = _codemod("unwrap", b"wrap")


@UNWRAP.on(ast.Call)
def unwrap(node: ast.Call, context: Context) -> Verdict:
    if not calls(context, node, "wrap") or len(node.args) != 1:
        return None
    return Fix((context.replace(node, context.text(node.args[0])),), caveat="or not")


# up(x) -> down(x), and back.
DOWN = _codemod("down", b"up")
UP = _codemod("up", b"down")


@DOWN.on(ast.Call)
def down(node: ast.Call, context: Context) -> Verdict:
    if calls(context, node, "up"):
        return Fix((context.replace(node.func, "down"),))
    return None


@UP.on(ast.Call)
def up(node: ast.Call, context: Context) -> Verdict:
    if calls(context, node, "down"):
        return Fix((context.replace(node.func, "up"),))
    return None


CRASH = _codemod("crash", b"old")


@CRASH.on(ast.Call)
def crash(node: ast.Call, context: Context) -> Verdict:
    raise KeyError("of the judge")


# quote(x) -> subprocess.run(x), with an import; `shlex` goes if unused.
SHELL = _codemod("shell", b"quote")


@SHELL.on(ast.Call)
def shell(node: ast.Call, context: Context) -> Verdict:
    if context.qualified_name(node.func) != "shlex.quote":
        return None
    name, needed = context.spelling("subprocess.run", context.statement(node))
    edit = context.replace(node.func, name)
    return Fix((edit,), imports=needed, orphans=("shlex", "quote"))


BROKEN = _codemod("broken", b"old")


@BROKEN.on(ast.Call)
def broken(node: ast.Call, context: Context) -> Verdict:
    if calls(context, node, "old"):
        return Fix((context.replace(node, "("),))
    return None


def result(code: str | bytes, *codemods: Codemod, unsafe: bool = True) -> Result:
    data = code.encode() if isinstance(code, str) else code
    return run(Source("a.py", data), codemods, Settings(unsafe=unsafe))


def after(code: str, *codemods: Codemod) -> str:
    found = result(code, *codemods)
    assert found.failures == ()
    assert found.skipped is None
    return found.after.data.decode()
