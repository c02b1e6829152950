"""The uses that a loop may make of its row."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column is read; `node` is the expression that has its value.

    `lazy` where a missing column raises nothing (`.get`) and `attribute` for `row.c`.
    `known` is false where the key may be anything but a single column name.
    """

    node: ast.expr
    key: ast.expr | str
    name: ast.Name
    lazy: bool = False
    attribute: bool = False
    known: bool = True
    local: bool = True

    @property
    def literal(self) -> str | None:
        match self.key:
            case str() as key:
                return key
            case ast.Constant(value=str() as key):
                return key
        return None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A use that a dict serves as it stands: `"c" in row`, `len(row)`, `**row`.

    `text` is what `node` becomes, where the spelling changes (`c in row.index`).
    `values` where the values go somewhere as a whole.
    """

    node: ast.expr
    text: str | None = None
    values: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """`row.name`: the row's index label."""

    node: ast.expr


@dataclass(frozen=True, slots=True)
class Assumed:
    """A use that suits a dict if what is seen here is all there is."""

    caveat: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A use that only a Series serves."""

    reason: str


Use = Column | Mapped | Label | Assumed | Refused
