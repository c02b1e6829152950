"""Reaching definitions: which bindings of a name may hold where it is read.

Structured and conservative: a superset of what can reach. Only code of the file is
looked at: that another module rebinds a name of this one is not considered.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from functools import cached_property

from codemods.facts.evaluation import Watch
from codemods.facts.frames import Frame, unbound
from codemods.facts.scopes import FRAMES, Definition, Function, Scope, Scopes
from codemods.facts.state import NOTHING, Held, State

_Bodies = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
# Bindings times names of a body, from where on its order is left out of account:
# a state is kept for each binding.
_MOST = 500_000


class Flow:
    """The flow of one module, analysed a function at a time, when asked."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self._frames: dict[Scope, Frame | None] = {}
        self._unknown: dict[tuple[Scope, str], Definition] = {}

    def reaching(self, name: ast.Name) -> Held:
        """The bindings that may hold where `name` stands; empty for a builtin.

        A path on which nothing is bound adds an "unbound" definition.
        """
        scope = self.scopes.of_name[name]
        owner = scope.owner(name.id)
        if owner is None:
            return NOTHING
        frame = self._ordered(owner, name.id)
        if frame is None:
            held = _everything(owner, name.id)
        elif owner is scope.frame:
            held = frame.reaching.get(name) or _everything(owner, name.id)
        else:
            held = self._from_inside(frame, scope.frame, name.id)
        return held | self._besides(owner, name.id, held)

    def at(self, statement: ast.stmt, name: str) -> Held:
        """The bindings of `name` that may hold just before `statement`."""
        scope = self.scope_at(statement)
        owner = scope.owner(name)
        if owner is None:
            return NOTHING
        frame = self._ordered(owner, name)
        if frame is None:
            held = _everything(owner, name)
        elif owner is scope.frame:
            before = frame.before.get(statement)
            known = before.get((owner, name)) if before is not None else NOTHING
            held = known or _everything(owner, name)
        else:
            held = self._from_inside(frame, scope.frame, name)
        return held | self._besides(owner, name, held)

    def may_be_missing(self, name: ast.Name) -> bool:
        """Whether a name of a scope further out may never be bound when it is read.

        So where only one branch binds it. That a function runs before what stands
        below it is not looked at.
        """
        reader = self.scopes.of_name[name]
        owner = reader.owner(name.id)
        frame = self._ordered(owner, name.id) if owner is not None else None
        if owner is None or frame is None or frame.end is None:
            return False
        if owner is reader.frame:
            return False
        missing = ("unbound", "delete")
        if all(each.kind not in missing for each in frame.end.get((owner, name.id))):
            return False
        entry = self._entry(owner, reader)
        made = frame.before.get(entry) if isinstance(entry, ast.stmt) else None
        held = made.get((owner, name.id)) if made is not None else NOTHING
        deleted = any(each.kind == "delete" for each in owner.definitions[name.id])
        return deleted or not held or any(each.kind in missing for each in held)

    def _entry(self, owner: Scope, reader: Scope) -> ast.AST:
        """The function or class of a scope that another one is in."""
        inner = reader.frame
        while inner.parent is not None and inner.parent.frame is not owner:
            inner = inner.parent.frame
        return inner.node

    def scope_at(self, node: ast.AST) -> Scope:
        """The scope in which a statement runs."""
        return self._homes[node]

    @cached_property
    def _homes(self) -> dict[ast.AST, Scope]:
        return {
            node: scope
            for scope in self.scopes.module.walk()
            if isinstance(scope.node, _Bodies)
            for node in _statements(scope.node.body)
        }

    def readers(self, definition: Definition) -> list[ast.Name]:
        """Every place that may read what `definition` bound, in order of position."""
        return [
            name
            for name in self.scopes.named.get(definition.name, ())
            if name is not definition.node
            and (not isinstance(name.ctx, ast.Store) or self._augments(name))
            and definition in self.reaching(name)
        ]

    def _augments(self, name: ast.Name) -> bool:
        bound = self.scopes.bound_by.get(name)
        return bound is not None and bound.kind == "augment"

    def still_holds(self, value: ast.expr, at: ast.stmt) -> bool:
        """Whether no name in `value` is bound again on any way from there to `at`.

        Nothing is said of ways to `at` that do not come by `value`. Objects that names
        hold may still have been changed.
        """
        inside = set(ast.walk(value))
        names = [
            (name, owner)
            for name in inside
            if isinstance(name, ast.Name)
            and (owner := self.scopes.of_name[name].owner(name.id)) is not None
            and owner.node not in inside
        ]
        here = self.scope_at(at).frame
        watched: set[tuple[Scope, str]] = set()
        for name, owner in names:
            if self._ordered(owner, name.id) is None or owner.unseen:
                return False
            if owner is here and self._home(name, inside).frame is here:
                watched.add((owner, name.id))
            elif not self._constant(owner, name.id):
                return False
        if not watched:
            return True
        watch = Watch(value, here, watched)
        frame = Frame(self.scopes, here, watch)
        frame.run()
        before = frame.before.get(at)
        return before is not None and watch.holds(before.get(watch.key))

    def _home(self, name: ast.Name, inside: set[ast.AST]) -> Scope:
        """The scope in which the expression `inside` is evaluated."""
        scope = self.scopes.of_name[name]
        while scope.node in inside and scope.parent is not None:
            scope = scope.parent
        return scope

    def _constant(self, owner: Scope, name: str) -> bool:
        """Whether a variable is bound once and never again."""
        frame = self._ordered(owner, name)
        definitions = owner.definitions[name]
        return (
            frame is not None
            and len(definitions) == 1
            and definitions[0].kind != "walrus"
            and definitions[0] not in frame.rebound
        )

    def _ordered(self, owner: Scope, name: str) -> Frame | None:
        """The frame that tells in which order a variable is bound, if one does."""
        if not isinstance(owner.node, FRAMES) or name in owner.shared:
            return None
        if owner not in self._frames:
            bindings = sum(len(each) for each in owner.definitions.values())
            fits = bindings * len(owner.definitions) <= _MOST
            frame = Frame(self.scopes, owner, None) if fits else None
            self._frames[owner] = frame
            if frame is not None:
                frame.run()
        return self._frames[owner]

    def _from_inside(self, frame: Frame, reader: Scope, name: str) -> Held:
        """What a nested function or class may see of its owner's variable.

        That is what held when it was made, and whatever is bound later.
        """
        owner = frame.frame
        inner = reader
        while inner.parent is not None and inner.parent.frame is not owner:
            inner = inner.parent.frame
        entry = inner.node
        state: State | None = None
        if isinstance(entry, ast.Lambda):
            state = frame.lambdas.get(entry)
        elif isinstance(entry, ast.stmt):
            state = frame.before.get(entry)
        if state is None or entry in frame.repeated:
            return _everything(owner, name)
        start = _start(entry)
        later = frozenset(
            each
            for each in owner.definitions[name]
            if each.kind == "walrus"
            or _place(each.node) >= start
            or (each.value is not None and entry in ast.walk(each.value))
        )
        held = state.get((owner, name)) | later
        bound = frozenset(each for each in held if each.kind != "unbound")
        # A function that is called before the name is bound finds the builtin, if any.
        return held if hasattr(builtins, name) else bound or held

    def _besides(self, owner: Scope, name: str, held: Held) -> Held:
        """What may hold by ways that the order of statements does not show."""
        found: Held = NOTHING
        unknown = owner.unseen
        falls_back = isinstance(owner.node, ast.Module | ast.ClassDef)
        if falls_back and any(each.kind in ("unbound", "delete") for each in held):
            # Where a module or class has not bound a name, the builtin is found; a
            # class body falls back on the module's names first.
            unknown = unknown or hasattr(builtins, name)
            if isinstance(owner.node, ast.ClassDef):
                found = frozenset(owner.module.definitions.get(name, ()))
        if unknown:
            new = Definition(name, "unknown", owner.node)
            found |= {self._unknown.setdefault((owner, name), new)}
        return found


def _everything(owner: Scope, name: str) -> Held:
    """Every binding of a variable, whose order says nothing."""
    held = frozenset(owner.definitions[name])
    if hasattr(builtins, name) and not isinstance(owner.node, Function):
        held |= {unbound(name, owner.node)}
    return held


def _start(entry: ast.AST) -> tuple[int, int]:
    decorators: list[ast.expr] = getattr(entry, "decorator_list", [])
    return min(_place(each) for each in [entry, *decorators])


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _statements(body: Iterable[ast.AST]) -> Iterable[ast.stmt]:
    for node in body:
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, block, ()))
