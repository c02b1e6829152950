"""Codemods that a team can trust: find by meaning, rewrite by statement."""

from codemods.model import Codemod, Decline, Edit, Finding, Fix, Result, Source, Verdict

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
