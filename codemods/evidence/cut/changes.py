"""The statements in which two versions of a file differ, function by function."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from codemods.facts.tree import Tree

Function = ast.FunctionDef | ast.AsyncFunctionDef
Frame = ast.Module | ast.ClassDef | Function
Mark = ast.AST


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What differs in one function, or at the level of the module.

    A mark is a statement, or the expression in the head of one whose body is the same.
    """

    before: Frame
    after: Frame
    marks_before: frozenset[Mark]
    marks_after: frozenset[Mark]


Pair = tuple[list[Mark], list[Mark]]


def changes(before: Tree, after: Tree) -> list[Change]:
    """All that differs, imports left out, in the order of the file."""
    found: dict[tuple[str, ...], tuple[Frame, Frame, set[Mark], set[Mark]]] = {}
    pairs = ((before, 2), (after, 3))
    frames: list[dict[tuple[str, ...], Frame]] = []
    marks = _block(before.root.body, after.root.body)
    for (tree, _), several in zip(pairs, marks, strict=True):
        frames.append({_path(tree, each): _frame(tree, each) for each in several})
    for path in dict.fromkeys([*frames[0], *frames[1]]):
        old = frames[0].get(path) or _at(before.root, path)
        new = frames[1].get(path) or _at(after.root, path)
        if old is not None and new is not None:
            found[path] = (old, new, set(), set())
    for (tree, place), several in zip(pairs, marks, strict=True):
        for each in several:
            kept = found.get(_path(tree, each))
            if kept is not None:
                (kept[2] if place == 2 else kept[3]).add(each)
    return [Change(b, a, frozenset(x), frozenset(y)) for b, a, x, y in found.values()]


def _block(before: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> Pair:
    old = [ast.dump(each) for each in before]
    new = [ast.dump(each) for each in after]
    marks: Pair = ([], [])
    for tag, i, j, k, m in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            continue
        _stretch(before[i:j], after[k:m], marks)
    return marks


def _stretch(old: Sequence[ast.stmt], new: Sequence[ast.stmt], marks: Pair) -> None:
    """Statements that take the place of others: one for one where kinds agree."""
    kinds = [[type(each).__name__ for each in several] for several in (old, new)]
    for tag, i, j, k, m in SequenceMatcher(None, kinds[0], kinds[1]).get_opcodes():
        if tag == "equal":
            for first, second in zip(old[i:j], new[k:m], strict=True):
                _add(marks, _inside(first, second))
        else:
            _add(marks, ([*old[i:j]], [*new[k:m]]))


def _inside(old: ast.stmt, new: ast.stmt) -> Pair:
    """What differs between two statements of a kind."""
    marks: Pair = ([], [])
    match old, new:
        case ast.If(test=first), ast.If(test=second):
            _heads(first, second, marks)
        case ast.While(test=first), ast.While(test=second):
            _heads(first, second, marks)
        case ast.For(target=first, iter=third), ast.For(target=second, iter=fourth):
            if ast.dump(first) != ast.dump(second):
                return [old], [new]
            _heads(third, fourth, marks)
        case (ast.Try(), ast.Try()) if len(old.handlers) == len(new.handlers):
            for one, other in zip(old.handlers, new.handlers, strict=True):
                if one.type is not None and other.type is not None:
                    _heads(one.type, other.type, marks)
                elif one.type is not other.type:
                    return [old], [new]
                _add(marks, _block(one.body, other.body))
        case (ast.With(), ast.With()):
            if [*map(ast.dump, old.items)] != [*map(ast.dump, new.items)]:
                return [old], [new]
        case (ast.FunctionDef(), ast.FunctionDef()):
            pass
        case (ast.AsyncFunctionDef(), ast.AsyncFunctionDef()):
            pass
        case (ast.ClassDef(), ast.ClassDef()):
            pass
        case _:
            return [old], [new]
    for field in ("body", "orelse", "finalbody"):
        _add(marks, _block(getattr(old, field, []), getattr(new, field, [])))
    return marks


def _heads(old: ast.expr, new: ast.expr, marks: Pair) -> None:
    if ast.dump(old) != ast.dump(new):
        _add(marks, ([old], [new]))


def _add(marks: Pair, more: Pair) -> None:
    for kept, found in zip(marks, more, strict=True):
        kept += [m for m in found if not isinstance(m, ast.Import | ast.ImportFrom)]


def _frame(tree: Tree, node: ast.AST) -> Frame:
    for up in tree.ancestors(node):
        if isinstance(up, ast.Module | Function):
            return up
    return tree.root


def _path(tree: Tree, node: ast.AST) -> tuple[str, ...]:
    """Where the frame of a node is: the names of what is around it, outermost last."""
    names: list[str] = []
    frame = _frame(tree, node)
    for up in (frame, *tree.ancestors(frame)):
        if isinstance(up, ast.ClassDef | Function):
            names.append(up.name)
    return tuple(names)


def _at(root: ast.Module, path: tuple[str, ...]) -> Frame | None:
    """The first frame of that path, where there is one."""
    found: Frame = root
    for name in reversed(path):
        below = next((n for n in _definitions(found) if n.name == name), None)
        if below is None:
            return None
        found = below
    return found


def _definitions(frame: Frame) -> Iterator[ast.ClassDef | Function]:
    stack: list[ast.AST] = list(frame.body)
    while stack:
        node = stack.pop(0)
        if isinstance(node, ast.ClassDef | Function):
            yield node
        elif isinstance(node, ast.stmt | ast.ExceptHandler):
            stack += ast.iter_child_nodes(node)
