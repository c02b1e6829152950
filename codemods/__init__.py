"""Codemods that a team can trust: find by meaning, rewrite by statement."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.model import (
        Codemod,
        Decline,
        Edit,
        Failure,
        Finding,
        Fix,
        Result,
        Source,
        Verdict,
    )
    from codemods.names import UsageError
    from codemods.registry import Entry, entries
    from codemods.surveys import survey

__version__ = "0.1.0"

__all__ = [
    "Codemod",
    "Decline",
    "Edit",
    "Entry",
    "Failure",
    "Finding",
    "Fix",
    "Result",
    "Source",
    "UsageError",
    "Verdict",
    "entries",
    "survey",
]

HOMES = {
    "Entry": "registry",
    "UsageError": "names",
    "entries": "registry",
    "survey": "surveys",
}


def __getattr__(name: str) -> object:
    """The names, on first use: `codemod --help` must not pay for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES.get(name, 'model')}"), name)
