"""What a loop writes into its own frame while it runs.

`iterrows` is a snapshot in pandas 3. In pandas 2 it is one too, but for frames of a
single type, whose rows see what the loop has written. Lists of columns are snapshots;
the array of `to_numpy()` is one only as a copy.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.catalog.iterrows.uses import Column, Label, Use


@dataclass(frozen=True, slots=True)
class Writes:
    """`columns` are written by name, `unknown` is set where any may be.

    `open` is set where code that is not looked at may write: the frame is passed on,
    or the loop hands over control in the middle of a round.
    """

    columns: frozenset[str] = frozenset()
    unknown: bool = False
    open: bool = False

    def __or__(self, other: Writes) -> Writes:
        return Writes(
            self.columns | other.columns,
            self.unknown or other.unknown,
            self.open or other.open,
        )

    def reach(self, uses: Sequence[Use]) -> bool:
        """Whether a column that is written is one that the row is read for."""
        if self.unknown:
            return True
        read = {use.literal for use in uses if isinstance(use, Column)}
        whole = any(not isinstance(use, Column | Label) for use in uses)
        return bool(self.columns) and (
            whole or None in read or bool(self.columns & read)
        )


def stored(steps: list[ast.expr]) -> Writes:
    """The column that `df.at[i, "c"] = ...`, `df["c"] = ...` and the like write."""
    match steps[1:]:
        case [
            ast.Attribute(attr="at" | "loc"),
            ast.Subscript(slice=ast.Tuple(elts=at)),
        ]:
            return _named(at[-1])
        case [ast.Subscript(slice=key), *_]:
            return _named(key)
        case [ast.Attribute(attr="columns" | "index")]:
            return Writes()
    return Writes(unknown=True)


def _named(key: ast.expr) -> Writes:
    match key:
        case ast.Constant(value=str() as column):
            return Writes(frozenset({column}))
        case ast.List(elts=elts) | ast.Tuple(elts=elts) if elts:
            found = Writes()
            for each in elts:
                found |= _named(each)
            return found
    return Writes(unknown=True)
