"""Which exceptions are written in a handler, how, and in what order."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass

from codemods.catalog.bare_except.classes import exception_bases, is_a
from codemods.catalog.bare_except.scene import Scene

# As people write them, from the outside world to slips of the program.
ORDER = (
    "Exception", "ImportError", "OSError", "EOFError", "LookupError", "KeyError",
    "IndexError", "ValueError", "TypeError", "AttributeError", "NameError",
    "ArithmeticError", "ZeroDivisionError", "OverflowError", "AssertionError",
    "SyntaxError", "RuntimeError", "NotImplementedError", "StopIteration",
)  # fmt: skip


class NotNameableError(Exception):
    """No name for an exception can be used where the handler stands."""


@dataclass(frozen=True, slots=True)
class Named:
    """An exception as it will be written, and the imports that needs."""

    name: str
    text: str
    imports: tuple[str, ...] = ()


def chosen(
    scene: Scene,
    raises: Iterable[str],
    caught: Iterable[str],
    at: ast.stmt,
    *,
    lookup: bool,
) -> list[Named]:
    """The exceptions to write: none a sibling has, none whose base is there too.

    Raises NotNameableError.
    """
    siblings = tuple(caught)
    left = [
        name
        for name in sorted(raises)
        if not any(is_a(scene, name, one) for one in siblings)
    ]
    named = {one.name: one for one in (_named(scene, name, at) for name in left)}
    names = set(named)
    if lookup and {"KeyError", "IndexError"} <= names:
        named["LookupError"] = _named(scene, "LookupError", at)
    widest = [
        one
        for name, one in named.items()
        if not any(other != name and is_a(scene, name, other) for other in named)
    ]
    return sorted(widest, key=_place)


def _place(one: Named) -> tuple[int, int, str]:
    if "." in one.text or one.name not in ORDER:
        return 0, 0, one.text
    return 1, ORDER.index(one.name), one.text


def _named(scene: Scene, name: str, at: ast.stmt) -> Named:
    """An exception, or the nearest base of it, under a name that works at `at`."""
    if _is_builtin(name):
        if scene.context.scope(at).owner(name) is not None:
            raise NotNameableError(f"`{name}` means something else in this file")
        return Named(name, name)
    base = _builtin_base(scene, name)
    if base is not None and not _in_style(scene, name):
        return _named(scene, base, at)
    if name.startswith("."):
        return _of_the_file(scene, name, at)
    try:
        text, imports = scene.context.spelling(name, at)
    except LookupError as error:
        if base is not None:
            return _named(scene, base, at)
        raise NotNameableError(str(error)) from error
    return Named(name, text, imports)


def _is_builtin(name: str) -> bool:
    return isinstance(getattr(builtins, name, None), type)


def _bases(scene: Scene, name: str) -> tuple[str, ...]:
    return scene.known.exception_bases(name) or exception_bases(scene, name)


def _builtin_base(scene: Scene, name: str) -> str | None:
    """The nearest builtin base that says more than `Exception`."""
    for base in _bases(scene, name):
        if _is_builtin(base):
            return base if base not in ("Exception", "BaseException") else None
        found = _builtin_base(scene, base)
        if found is not None:
            return found
    return None


def _in_style(scene: Scene, name: str) -> bool:
    """Whether the file itself would write this name rather than its builtin base.

    So where it does already, where the exception is its own, and for a library that
    is not the standard one and is imported.
    """
    if name.startswith("."):
        return True
    library = scene.known.library(name)
    last = name.rpartition(".")[2]
    named = any(
        scene.context.qualified_name(node) == name
        for node in scene.context.every(ast.Name, ast.Attribute)
        if getattr(node, "attr", getattr(node, "id", None)) in (last, name)
        or (isinstance(node, ast.Name) and node.id == last)
    )
    return named or (library is not None and library.documented)


def _of_the_file(scene: Scene, name: str, at: ast.stmt) -> Named:
    own = name[1:]
    scopes = scene.context.facts.scopes
    if scene.context.scope(at).owner(own) is scopes.module:
        return Named(name, own)
    for base in exception_bases(scene, name):
        return _named(scene, base, at)
    raise NotNameableError(f"`{own}` cannot be named here")
