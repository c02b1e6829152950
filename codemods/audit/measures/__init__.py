"""What is measured besides the codemods: one module each, listed here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from codemods.context import Context

NAMES = (
    "nested_rows",
    "queries_in_loops",
    "unbounded_reads",
    "messages_one_by_one",
    "requests_in_loops",
    "large_files",
    "silent_handlers",
)


class Spot(NamedTuple):
    """A node that is an instance, what it is, and how bad (the higher the worse)."""

    node: ast.AST
    what: str
    rank: int = 0


class Measure(NamedTuple):
    """A kind of instance.

    A file is parsed only where `wants` says so of its bytes. `search` is the regular
    expression that a person would search for. `total` counts the places that could have
    been an instance.
    """

    name: str
    title: str
    advice: str
    wants: Callable[[bytes], bool]
    search: str
    find: Callable[[Context], Iterator[Spot]]
    total: Callable[[Context], int] | None = None


def holds(*words: bytes) -> Callable[[bytes], bool]:
    """Whether bytes hold any of the words."""
    return lambda data: any(word in data for word in words)


@cache
def measures() -> tuple[Measure, ...]:
    modules = (import_module(f"{__name__}.{name}") for name in NAMES)
    return tuple(module.MEASURE for module in modules)
