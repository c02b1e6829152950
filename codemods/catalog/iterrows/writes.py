"""What a loop writes into its own frame while it runs.

`iterrows` is a snapshot in pandas 3. In pandas 2 it is one too, but for frames of a
single type, whose rows see what earlier rounds wrote. Lists of columns are snapshots;
the array of `to_numpy()` is one only as a copy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.uses import Column, Label, Use
from codemods.context import Context

# Methods of a frame that write into it without `inplace=True`.
_WRITERS = {"update", "isetitem", "__setitem__", "at", "iat", "loc", "iloc"}
_LOOKS = {"len", "print", "id", "type", "isinstance", "list", "str", "repr"}


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


def writes(loop: Loop, context: Context) -> Writes:
    """Everything that the body does to the name that the frame is read off."""
    root: ast.expr = loop.frame
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        # A new frame: what is written into the one it was taken from stays there.
        return Writes()
    found = Writes()
    for part in loop.body:
        for each in ast.walk(part):
            if isinstance(each, ast.Yield | ast.YieldFrom | ast.Await):
                found |= Writes(open=True)
            if isinstance(each, ast.Name) and each.id == root.id:
                found |= _through(each, loop, context)
    return found


def _through(name: ast.Name, loop: Loop, context: Context) -> Writes:
    """What one mention of the frame's name, or of its owner's, may write."""
    steps = list(_steps(name, context))
    last = steps[-1]
    up = context.parent(last)
    stored = isinstance(last, ast.Attribute | ast.Subscript) and not isinstance(
        last.ctx, ast.Load
    )
    if stored:
        if isinstance(loop.frame, ast.Name):
            return _stored(steps, context)
        # `self.count += 1`: of the owner's attributes only the frame matters.
        depth = len(list(_attributes(loop.frame)))
        if [context.text(each) for each in steps[: depth + 1]][-1:] == [
            context.text(loop.frame)
        ]:
            return _stored(steps[depth:], context)
        return Writes()
    match up:
        case ast.Call(func=func, keywords=keywords) if func is last:
            in_place = any(each.arg in ("inplace", None) for each in keywords)
            writer = isinstance(last, ast.Attribute) and last.attr in _WRITERS
            return Writes(unknown=writer or in_place)
        case ast.Call(func=func) if context.qualified_name(func) in _LOOKS:
            return Writes()
        case ast.Call() | ast.keyword() | ast.Starred():
            return Writes(open=last is name)
    return Writes()


def _attributes(frame: ast.expr) -> Iterator[ast.Attribute]:
    while isinstance(frame, ast.Attribute):
        yield frame
        frame = frame.value


def _steps(name: ast.Name, context: Context) -> Iterator[ast.expr]:
    """`df`, `df.loc`, `df.loc[...]`: the chain that a name begins."""
    node: ast.expr = name
    yield node
    while True:
        up = context.parent(node)
        if isinstance(up, ast.Attribute | ast.Subscript) and up.value is node:
            yield up
            node = up
        else:
            return


def _stored(steps: list[ast.expr], context: Context) -> Writes:
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
