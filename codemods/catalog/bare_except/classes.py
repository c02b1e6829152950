"""Classes of the file: what making an instance comes to."""

from __future__ import annotations

import ast
import builtins

from codemods.catalog.bare_except.functions import parameters
from codemods.catalog.bare_except.kinds import UNKNOWN
from codemods.catalog.bare_except.members import definition
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen


def made(scene: Scene, node: ast.Call, qualified: str) -> Seen:
    """`Name(...)` of a class of the file."""
    found = local_class(scene, qualified)
    text = f"`{scene.named(node.func)}()`"
    unknown = Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))
    if found is None or found.decorator_list or found.keywords:
        return unknown
    plain = all(ast.unparse(base) == "object" for base in found.bases)
    if not plain or definition(found, "__new__"):
        return unknown
    initialised = definition(found, "__init__")
    if initialised is None:
        return (
            Seen(UNKNOWN)
            if not (node.args or node.keywords)
            else Seen(UNKNOWN).raising("TypeError")
        )
    if not isinstance(initialised, ast.FunctionDef) or initialised.decorator_list:
        return unknown
    given = parameters(scene, initialised, node, bound=True)
    seen = scene.function(scene, initialised, given or {}, node).giving(UNKNOWN)
    return seen if given is not None else seen.raising("TypeError")


def local_class(scene: Scene, qualified: str) -> ast.ClassDef | None:
    """The one class of the file under a name such as `.Broken`."""
    found = scene.context.facts.scopes.module.definitions.get(qualified[1:], [])
    if len(found) == 1 and isinstance(found[0].node, ast.ClassDef):
        return found[0].node
    return None


def exception_bases(scene: Scene, qualified: str) -> tuple[str, ...]:
    """The bases of an exception class of the file; none where it is no exception."""
    found = local_class(scene, qualified)
    if found is None:
        return ()
    names = [scene.context.qualified_name(base) for base in found.bases]
    if any(name is None or not is_exception(scene, name) for name in names):
        return ()
    return tuple(name for name in names if name is not None)


def is_exception(scene: Scene, name: str) -> bool:
    builtin = getattr(builtins, name, None)
    if isinstance(builtin, type):
        return issubclass(builtin, BaseException)
    return bool(scene.known.exception_bases(name) or exception_bases(scene, name))


def is_a(scene: Scene, name: str, ancestor: str) -> bool:
    """Whether an exception, perhaps a class of the file, is another's subclass."""
    if name == ancestor or scene.known.is_a(name, ancestor):
        return True
    return any(is_a(scene, base, ancestor) for base in exception_bases(scene, name))
