"""Making exceptions: classes of the language, of a library and of the file."""

from __future__ import annotations

import ast
import builtins

from codemods.catalog.bare_except.classes import exception_bases, local_class
from codemods.catalog.bare_except.kinds import UNKNOWN, kind
from codemods.catalog.bare_except.matching import is_plain
from codemods.catalog.bare_except.members import definition
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen

# What may stand after `from`.
FITTING = ("BaseException", "None")
# What the language's own take by name; any other argument by name is a TypeError.
KEYWORDS = {
    "ImportError": {"name", "path"},
    "ModuleNotFoundError": {"name", "path"},
    "AttributeError": {"name", "obj"},
    "NameError": {"name"},
}
# Those that are particular about what they are given by position.
PARTICULAR = (
    UnicodeDecodeError,
    UnicodeEncodeError,
    UnicodeTranslateError,
    SyntaxError,
    BlockingIOError,
    BaseExceptionGroup,
)


def made(scene: Scene, node: ast.expr, name: str) -> Seen:
    """What making an exception comes to: `ValueError("x")`, or `ValueError`.

    `node` is the call, or the class itself where `raise` calls it.
    """
    call = node if isinstance(node, ast.Call) else None
    own = getattr(builtins, name, None)
    if isinstance(own, type):
        plain = call is None or all(_is_plain(scene, one) for one in call.args)
        kinds = kind("BaseException") if plain else UNKNOWN
        return Seen(kinds).raising(*_refusals(own, call))
    if scene.known.exception_bases(name):
        return Seen(UNKNOWN).raising("TypeError")
    if _is_strange(scene, name):
        text = f"`{scene.named(call.func if call else node)}()`"
        return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))
    if call is not None and call.keywords:
        return Seen(UNKNOWN).raising("TypeError")
    return Seen(UNKNOWN)


def _is_plain(scene: Scene, node: ast.expr) -> bool:
    """Whether the text of an exception can be told, so far as it is made of this."""
    return all(is_plain(scene.known, one) for one in scene.kinds(node))


def _refusals(own: type, call: ast.Call | None) -> tuple[str, ...]:
    if issubclass(own, PARTICULAR):
        needs_none = issubclass(own, SyntaxError) and (
            call is None or len(call.args) < 2
        )
        return () if needs_none else ("TypeError", "ValueError")
    named = {one.arg for one in call.keywords} if call is not None else set()
    return ("TypeError",) if named - KEYWORDS.get(own.__name__, set()) else ()


def _is_strange(scene: Scene, name: str) -> bool:
    """Whether a class of the file, or a base of it, is made in a way of its own."""
    found = local_class(scene, name)
    if found is None:
        # A base from elsewhere: the language's own take what they are given.
        return not isinstance(getattr(builtins, name, None), type)
    if found.decorator_list or found.keywords:
        return True
    if definition(found, "__init__") or definition(found, "__new__"):
        return True
    return any(_is_strange(scene, base) for base in exception_bases(scene, name))


def cause(scene: Scene, node: ast.expr | None) -> Seen:
    """What stands after `from`: an exception or None, or it is a TypeError."""
    if node is None:
        return NOTHING
    seen = scene.see(node)
    fits = seen.kinds and all(one.name in FITTING for one in seen.kinds)
    return seen if fits or _is_caught(scene, node) else seen.raising("TypeError")


def _is_caught(scene: Scene, node: ast.expr) -> bool:
    """Whether a name is bound by the `as` of a handler, and by nothing else."""
    found = scene.context.definitions(node) if isinstance(node, ast.Name) else ()
    return bool(found) and all(one.kind == "except" for one in found)
