"""Calls: of the table, of functions in view, of methods, and of what is not known."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace

from codemods.catalog.bare_except import exceptions
from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.classes import is_exception, made
from codemods.catalog.bare_except.commands import has_word
from codemods.catalog.bare_except.functions import parameters
from codemods.catalog.bare_except.iteration import iteration
from codemods.catalog.bare_except.kinds import UNKNOWN
from codemods.catalog.bare_except.names import root
from codemods.catalog.bare_except.outcomes import Outcome, outcome
from codemods.catalog.bare_except.patterns import sound
from codemods.catalog.bare_except.receivers import method_call
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen

# Where `print` writes; what else is put there may raise anything.
STREAMS = ("sys.stdout", "sys.stderr")
EXITS = ("parse_args", "parse_known_args")


def call(scene: Scene, node: ast.Call) -> Seen:
    """A call: what its arguments come to, then what is called."""
    given = [_argument(scene, one) for one in node.args]
    named = [_keyword(scene, one) for one in node.keywords]
    return _called(scene, node).after(*given, *named, root(scene, node.func))


def qualified_function(scene: Scene, func: ast.expr) -> str | None:
    """The qualified name of what is called; a builtin's also beside an `import *`."""
    named = scene.context.qualified_name(func)
    if named is not None or not isinstance(func, ast.Name):
        return named
    free = scene.context.scope(func).owner(func.id) is None
    return func.id if free and hasattr(builtins, func.id) else None


def _argument(scene: Scene, node: ast.expr) -> Seen:
    if isinstance(node, ast.Starred):
        return iteration(scene, node.value)
    return scene.see(node)


def _keyword(scene: Scene, node: ast.keyword) -> Seen:
    seen = scene.see(node.value)
    if node.arg is not None or all(one.name == "dict" for one in seen.kinds):
        return seen
    text = f"`{scene.named(node.value)}` is a plain dict"
    doubt = scene.doubt("assumed", text, node.value)
    return seen.raising("TypeError").doubting(doubt)


def _called(scene: Scene, node: ast.Call) -> Seen:
    function = scene.context.function_called(node)
    if function is not None:
        return _local(scene, node, function)
    qualified = qualified_function(scene, node.func)
    if qualified is not None:
        if scene.context.facts.is_patched(qualified):
            return unknown(scene, node)
        found = scene.known.entry(qualified)
        if found and found[0].parameters is not None:
            return _listed(scene, node, qualified)
        if is_exception(scene, qualified):
            return exceptions.made(scene, node, qualified)
        if qualified.startswith("."):
            return made(scene, node, qualified)
    if isinstance(node.func, ast.Attribute):
        if node.func.attr in EXITS:
            return Seen(UNKNOWN).raising("SystemExit")
        if not _is_module(scene, node.func.value):
            value = scene.see(node.func.value)
            return method_call(scene, node, node.func, value).after(value)
    return unknown(scene, node)


def _is_module(scene: Scene, node: ast.expr) -> bool:
    qualified = scene.context.qualified_name(node)
    if qualified is None or not isinstance(node, ast.Name | ast.Attribute):
        return False
    from codemods.catalog.bare_except.access import is_module_name

    return is_module_name(scene, qualified) and not scene.known.entry(qualified)


def unknown(scene: Scene, node: ast.Call) -> Seen:
    text = f"`{scene.named(node.func)}()`"
    return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))


def arguments(scene: Scene, node: ast.Call) -> Arguments:
    """The types given in a call."""
    complete = not any(isinstance(one, ast.Starred) for one in node.args) and all(
        one.arg is not None for one in node.keywords
    )
    places = tuple(map(scene.kinds, node.args))
    names = {one.arg: scene.kinds(one.value) for one in node.keywords if one.arg}
    return Arguments(places, names, complete)


def _listed(scene: Scene, node: ast.Call, qualified: str) -> Seen:
    """A function of the table."""
    lines = scene.known.entry(qualified)
    given = arguments(scene, node)
    replaced = scene.context.facts.patched
    if qualified == "print" and any(one in replaced for one in STREAMS):
        return unknown(scene, node)
    if qualified.startswith("re."):
        given = sound(node, given)
    found = outcome(scene.known, lines, given)
    if qualified.startswith("subprocess.") and has_word(node, given):
        found = replace(found, raises=found.raises - {"IndexError"})
    return vouched(scene, node, qualified, found)


def vouched(scene: Scene, node: ast.Call, qualified: str, found: Outcome) -> Seen:
    """An outcome of the table, with the doubts that are left."""
    seen = Seen(found.gives, found.raises)
    library = scene.known.home(qualified)
    if library is not None and library.documented:
        text = f"what `{scene.named(node.func)}()` raises"
        seen = seen.doubting(scene.doubt("read", text, node))
    if found.unlisted:
        return seen.after(unknown(scene, node))
    if found.open:
        text = f"`{scene.named(node.func)}()` is given plain values"
        seen = seen.doubting(scene.doubt("assumed", text, node))
    return seen


def _local(
    scene: Scene, node: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Seen:
    """A function or method of the file."""
    own = isinstance(node.func, ast.Attribute)
    given = parameters(scene, function, node, bound=own)
    if given is None:
        seen = scene.function(scene, function, {}, node).raising("TypeError")
    else:
        seen = scene.function(scene, function, given, node)
    if own and not function.name.startswith("__"):
        text = f"no subclass overrides `{scene.named(node.func)}()`"
        return seen.doubting(scene.doubt("assumed", text, node))
    return seen
