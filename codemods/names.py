"""How things are called, and what a misspelt name was meant to be."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class UsageError(Exception):
    """The command line or the config asks for something that cannot be done.

    The message is one clause for the person who wrote it; the command exits with 2.
    """


def name_of(module: str) -> str:
    """The codemod's name from its module's: `x.catalog.shell_true` -> `shell-true`."""
    return module.rpartition(".")[2].replace("_", "-")


def did_you_mean(name: str, known: Iterable[str], near: float = 0.5) -> str:
    """A clause that suggests the nearest known name, or nothing.

    `near` is difflib's ratio, from 0 to 1, that a name must have at least.
    """
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1, cutoff=near)
    return f"; did you mean {found[0]!r}?" if found else ""
