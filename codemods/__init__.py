"""Codemods that a team can trust: find by meaning, rewrite by statement."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.model import (
        Codemod,
        Decline,
        Edit,
        Finding,
        Fix,
        Result,
        Source,
        Verdict,
    )

__version__ = "0.1.0"

__all__ = [
    "Codemod",
    "Decline",
    "Edit",
    "Finding",
    "Fix",
    "Result",
    "Source",
    "Verdict",
]


def __getattr__(name: str) -> object:
    """The nouns, on first use: `codemod --help` must not pay for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from codemods import model

    return getattr(model, name)
