"""What `from MODULE import *` binds, where that is known: `stars.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources


@cache
def _table() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("stars.toml").read_text("utf-8")
    return {module: frozenset(names) for module, names in tomllib.loads(text).items()}


def may_bind(module: str, name: str) -> bool:
    """Whether a star import of a module may bind a name."""
    known = _table().get(module)
    return known is None or name in known


def source_of(stars: Iterable[str], name: str) -> str | None:
    """The module of which a star import has bound a name; "" for one not known.

    None where none of them binds it. `stars` are modules in the order of the imports.
    """
    found = [module for module in stars if may_bind(module, name)]
    if not found:
        return None
    return found[-1] if all(module in _table() for module in found) else ""
