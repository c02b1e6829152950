"""What a call becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import layout

if TYPE_CHECKING:
    pass

SHELL_ONLY = ("shell", "executable")


@dataclass(frozen=True, slots=True)
class NewCall:
    """What the call becomes.

    `items` are the list's elements, or one name that holds it (`held`). `keywords`
    replace or follow those there are; None takes one away.
    """

    function: str
    items: layout.Items
    keywords: Mapping[str, str | None]
    held: str | None = None
    spread: bool = False
