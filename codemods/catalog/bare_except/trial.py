"""bare-except: the body of the `try` on hostile input, and what the handler catches."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from functools import cache

from codemods.catalog.bare_except.analysis import scene_of
from codemods.catalog.bare_except.library import FOLDER, read_library
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.shapes import Shape, Unknown, shape
from codemods.evidence.cut.changes import changes
from codemods.evidence.cut.cutter import defined
from codemods.evidence.cut.free import Uncuttable
from codemods.evidence.cut.whole import Needs, is_library
from codemods.evidence.trials import Case, NoTrial, Trial, program
from codemods.facts import Facts

TRIVIAL = "`except Exception` lets nothing but exits and interrupts pass"


@dataclass(frozen=True, slots=True)
class Body:
    """A `try` before and after, and the place of its handler."""

    before: ast.Try
    after: ast.Try
    index: int

    @property
    def caught(self) -> ast.expr | None:
        return self.after.handlers[self.index].type


def trial(case: Case) -> Trial | NoTrial:
    """The program that runs the body of a `try` with the handler before and after."""
    try:
        body = _body(case)
        facts = case.context.facts
        needs = Needs(facts, pure_methods())
        needs.add(body.before.body, frozenset())
        told = {
            "sides": _sides(body, needs, case),
            "probe": _probe(body, needs, case),
            "shapes": _shapes(needs, scene_of(case.context)),
            "imports": _imported(body.before.body),
            "words": _words(body.before.body),
            "number": case.number,
        }
    except Uncuttable as error:
        return NoTrial(str(error))
    files = {
        "trial.py": program(__package__, "hostile_run.py"),
        "hostile_values.py": program(__package__, "hostile_values.py"),
        "case.json": json.dumps(told).encode(),
    }
    return Trial(files, subject="inputs", notes=_notes(needs))


@cache
def pure_methods() -> frozenset[str]:
    """The methods of the table that change nothing outside of their object."""
    files = [read_library(path) for path in sorted(FOLDER.glob("*.toml"))]
    shipped = [each for each in files if not each.documented]
    effects = {name.rpartition(".")[2] for each in shipped for name in each.effects}
    names = {name for each in shipped for name in each.lines if "." in name}
    return frozenset({name.rpartition(".")[2] for name in names} - effects)


def _body(case: Case) -> Body:
    before, after = case.context.facts.tree, case.context_after.facts.tree
    for change in changes(before, after):
        old = [each for each in change.marks_before if isinstance(each, ast.Try)]
        new = [each for each in change.marks_after if isinstance(each, ast.Try)]
        if len(old) == len(new) == 1 and len(old[0].handlers) == len(new[0].handlers):
            for index, handler in enumerate(old[0].handlers):
                if handler.type is None:
                    return _exact(Body(old[0], new[0], index))
    raise Uncuttable("the handler was no bare `except:`")


def _exact(body: Body) -> Body:
    match body.caught:
        case None | ast.Name(id="Exception"):
            raise Uncuttable(TRIVIAL)
    return body


def _sides(body: Body, needs: Needs, case: Case) -> list[str]:
    """The body in a function, with the handlers as they were and as they are."""
    names = sorted(needs.free)
    both = ((body.before, case.context.facts), (body.after, case.context_after.facts))
    return [
        _written(body.before.body, _handlers(node, facts, needs), names, needs)
        for node, facts in both
    ]


def _probe(body: Body, needs: Needs, case: Case) -> str:
    """The handlers after the fix around `raise error`."""
    raising = ast.Raise(ast.Name("error", ast.Load()))
    handlers = _handlers(body.after, case.context_after.facts, needs)
    return _written([raising], handlers, ["error"], needs)


def _handlers(node: ast.Try, facts: Facts, needs: Needs) -> list[ast.ExceptHandler]:
    return [
        ast.ExceptHandler(_kind(each, facts, needs), None, [_caught(index)])
        for index, each in enumerate(node.handlers)
    ]


def _written(
    body: list[ast.stmt],
    handlers: list[ast.ExceptHandler],
    names: list[str],
    needs: Needs,
) -> str:
    # The body may leave a loop around it.
    once = ast.Tuple([ast.Constant(0)], ast.Load())
    tried = ast.Try(body, handlers, [], [])
    loop = ast.For(ast.Name("_", ast.Store()), once, [tried], [])
    main = defined("main", [ast.arg(name) for name in names], [loop])
    module = ast.Module([*needs.preamble, main], [])
    try:
        return ast.unparse(ast.fix_missing_locations(module))
    except ValueError as error:
        raise Uncuttable(f"cannot be written apart: {error}") from error


def _kind(handler: ast.ExceptHandler, facts: Facts, needs: Needs) -> ast.expr | None:
    """What a handler names; raises for a class that is not there."""
    if handler.type is None:
        return None
    inner = Needs(facts, needs.methods, needs.imports)
    inner.add([ast.Expr(handler.type)], frozenset())
    if inner.free:
        raise Uncuttable(f"catches `{next(iter(inner.free))}`, which is not here")
    return handler.type


def _caught(index: int) -> ast.stmt:
    name = ast.Name("caught", ast.Load())
    return ast.Expr(ast.Call(name, [ast.Constant(index)], []))


def _shapes(needs: Needs, scene: Scene) -> dict[str, Shape]:
    facts = scene.context.facts
    found: dict[str, Shape] = {}
    for name, uses in sorted(needs.free.items()):
        try:
            found[name] = shape(uses, scene)
            found[name]["self"] = any(_is_self(each, facts) for each in uses)
        except Unknown as error:
            raise Uncuttable(f"`{name}` is a {error}, which is not made up") from error
    return found


def _is_self(name: ast.Name, facts: Facts) -> bool:
    """Whether a name is the first parameter of a method."""
    for definition in facts.flow.reaching(name):
        function = next(facts.tree.ancestors(definition.node), None)
        while isinstance(function, ast.arguments):
            function = facts.tree.parent(function)
        if isinstance(function, ast.FunctionDef) and function.args.args[:1]:
            inside = isinstance(facts.tree.parent(function), ast.ClassDef)
            return inside and function.args.args[0] is definition.node
    return False


def _imported(statements: list[ast.stmt]) -> list[dict[str, object]]:
    """The imports of a body: module, names wanted of it, whether Python brings it."""
    found: list[dict[str, object]] = []
    for node in (each for top in statements for each in ast.walk(top)):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                wanted = [alias.name for alias in names]
                found.append(_import(module, wanted))
            case ast.ImportFrom():
                raise Uncuttable("imports from its own package, which is not here")
            case ast.Import(names=names):
                found += [_import(alias.name, []) for alias in names]
    return found


def _import(module: str, names: list[str]) -> dict[str, object]:
    return {"module": module, "names": names, "library": is_library(module)}


def _words(statements: list[ast.stmt]) -> list[str]:
    """Texts of a body that may name variables of the environment."""
    return sorted(
        {
            node.value
            for each in statements
            for node in ast.walk(each)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.isidentifier()
        }
    )


def _notes(needs: Needs) -> tuple[str, ...]:
    names = [f"`{name}`" for name in sorted(needs.free)]
    if not names:
        return ()
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return (f"{listed} {'are' if names[1:] else 'is'} made up of plain values",)
