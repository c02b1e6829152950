"""One side of a change as a module: what changed, what feeds it, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from codemods.evidence.cut.changes import Frame
from codemods.evidence.cut.cutter import Cutter, Side, defined
from codemods.evidence.cut.free import Given, Rewriting, Uncuttable
from codemods.evidence.cut.included import Included
from codemods.facts.calls import Defined


@dataclass(frozen=True, slots=True)
class Cut:
    """A module with a function `main`, and what its parameters stand for."""

    code: str
    givens: tuple[Given, ...]


def cut(side: Side, frame: Frame, results: frozenset[str]) -> Cut:
    """The function that runs what is marked in `frame`; raises Uncuttable."""
    cutter = Cutter(side, frame, results, Included(side).holds)
    body = cutter.block(frame.body)
    if not body:
        raise Uncuttable("nothing of the change can be run")
    givens = _merged([*cutter.rewriting.givens, *cutter.entering()])
    preamble, givens = _preamble(side, cutter.rewriting, givens)
    names = [ast.arg(each.name) for each in givens if not each.asked]
    main = defined("main", names, body)
    module = ast.Module([*preamble, main], [])
    try:
        return Cut(ast.unparse(ast.fix_missing_locations(module)), givens)
    except ValueError as error:
        raise Uncuttable(f"cannot be written apart from its file: {error}") from error


def _preamble(
    side: Side, rewriting: Rewriting, givens: tuple[Given, ...]
) -> tuple[list[ast.stmt], tuple[Given, ...]]:
    """Imports, constants and functions that come along, and what is still given."""
    imports, made = [*rewriting.imports], list[ast.stmt]()
    left: dict[str, Given] = {}
    queue, seen = [*givens], set[str]()
    functions, done = [*rewriting.functions], set[Defined]()
    while queue or functions:
        if functions:
            called = functions.pop()
            if called not in done:
                done.add(called)
                cutter, definition = Included(side).written(called)
                made.append(definition)
                imports += cutter.rewriting.imports
                queue += cutter.rewriting.givens
                functions += cutter.rewriting.functions
            continue
        given = queue.pop(0)
        if given.name in seen and given.name not in left:
            continue
        seen.add(given.name)
        constant = None if given.asked else _constant(side, given.text)
        if constant is None:
            left.setdefault(given.name, given)
            continue
        statement, inner = constant
        made.insert(0, statement)
        imports += inner.imports
        queue += inner.givens
        functions += inner.functions
    unique = {ast.unparse(each): each for each in imports}
    return [*(unique[text] for text in sorted(unique)), *made], tuple(left.values())


def _constant(side: Side, name: str) -> tuple[ast.stmt, Rewriting] | None:
    """The assignment of a constant of the module, if it can come along."""
    module = side.facts.scopes.module
    found = module.definitions.get(name, [])
    if len(found) != 1 or found[0].kind != "assign" or found[0].value is None:
        return None
    value = found[0].value
    rewriting = Rewriting(side.facts, frozenset(), side.is_run, Included(side).holds)
    try:
        made = rewriting.rewrite(value)
    except Uncuttable:
        return None
    if any(
        each.asked or each.text not in module.definitions for each in rewriting.givens
    ):
        return None
    return ast.Assign([ast.Name(name, ast.Store())], made), rewriting


def _merged(givens: Iterable[Given]) -> tuple[Given, ...]:
    """One for each name, with all that its uses say of it."""
    found: dict[str, Given] = {}
    for each in givens:
        known = found.get(each.name)
        kinds = each.kinds | known.kinds if known else each.kinds
        found[each.name] = Given(each.name, each.text, kinds, each.asked)
    return tuple(found[name] for name in sorted(found))
