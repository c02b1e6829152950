"""What statements may raise, one after another."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence

from codemods.catalog.bare_except.access import truth
from codemods.catalog.bare_except.bindings import iterated
from codemods.catalog.bare_except.hints import evaluated
from codemods.catalog.bare_except.iteration import changing, iteration, mutates
from codemods.catalog.bare_except.kinds import NEVER
from codemods.catalog.bare_except.managers import with_
from codemods.catalog.bare_except.raising import raise_, try_
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import NOTHING, Seen, joined
from codemods.catalog.bare_except.stores import augmented, deleted
from codemods.catalog.bare_except.targets import bound_to

# The standard library's tests may skip when they are imported.
QUIET = sys.stdlib_module_names - {"test", "idlelib", "lib2to3"}


def block(scene: Scene, body: Sequence[ast.stmt]) -> Seen:
    """A list of statements; what it gives does not count."""
    return joined([NOTHING, *(_statement(scene, one) for one in body)]).giving(NEVER)


def _statement(scene: Scene, node: ast.stmt) -> Seen:
    match node:
        case ast.Expr(value=value):
            return scene.see(value)
        case ast.Assign(targets=targets, value=value):
            return _assigned(scene, targets, value)
        case ast.AnnAssign(target=target, value=value, annotation=annotation):
            seen = _assigned(scene, [target], value) if value is not None else NOTHING
            module = (
                scene.context.scope(node).frame is scene.context.facts.scopes.module
            )
            return seen.after(evaluated(scene, annotation)) if module else seen
        case ast.AugAssign():
            return augmented(scene, node)
        case ast.Return(value=value):
            return scene.see(value) if value is not None else NOTHING
        case ast.Delete(targets=targets):
            return joined([deleted(scene, one) for one in targets])
        case ast.If(test=test):
            branches = (scene.run(node.body), scene.run(node.orelse))
            return joined((truth(scene, test), *branches))
        case ast.While(test=test):
            branches = (scene.run(node.body), scene.run(node.orelse))
            return joined((truth(scene, test), *branches))
        case ast.For():
            return _for(scene, node)
        case ast.With():
            return with_(scene, node)
        case ast.Raise():
            return raise_(scene, node)
        case ast.Try() | ast.TryStar():
            return try_(scene, node)
        case ast.Assert(test=test, msg=message):
            told = [scene.see(message)] if message is not None else []
            return joined((truth(scene, test), *told)).raising("AssertionError")
        case ast.Import() | ast.ImportFrom():
            return _import(scene, node)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _function(scene, node)
        case ast.Pass() | ast.Break() | ast.Continue() | ast.Global() | ast.Nonlocal():
            return NOTHING
    text = f"the {type(node).__name__.lower()} statement"
    return NOTHING.doubting(scene.doubt("unknown", text, node))


def _assigned(scene: Scene, targets: list[ast.expr], value: ast.expr) -> Seen:
    seen = scene.see(value)
    return joined([seen, *(bound_to(scene, one, seen, value) for one in targets)])


def _for(scene: Scene, node: ast.For) -> Seen:
    loop = iteration(scene, node.iter)
    parts = [scene.run(node.body), scene.run(node.orelse)]
    kinds = iterated(scene, node.iter)
    parts.append(bound_to(scene, node.target, Seen(kinds), node.iter))
    seen = joined([loop, *parts])
    if changing(scene, node.iter) and mutates(scene, node.body):
        return seen.raising("RuntimeError")
    return seen


def _import(scene: Scene, node: ast.Import | ast.ImportFrom) -> Seen:
    """An import: ImportError, and whatever the body of a foreign module raises."""
    seen = NOTHING.raising("ImportError")
    if isinstance(node, ast.ImportFrom):
        modules = ["." * node.level + (node.module or "")]
    else:
        modules = [alias.name for alias in node.names]
    foreign = [one for one in modules if not _is_quiet(one)]
    doubts = [
        scene.doubt("import", f"importing `{one}` raises nothing else", node)
        for one in foreign
    ]
    return seen.doubting(*doubts)


def _is_quiet(module: str) -> bool:
    """Whether importing a module does nothing but fail or succeed."""
    return module.partition(".")[0] in QUIET and not module.endswith(".__main__")


def _function(scene: Scene, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Seen:
    defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    notes = [one.annotation for one in _parameters(node.args) if one.annotation]
    notes += [node.returns] if node.returns is not None else []
    seen = joined(
        [NOTHING, *map(scene.see, defaults), *(evaluated(scene, one) for one in notes)]
    )
    for decorator in node.decorator_list:
        text = f"the decorator `{scene.named(decorator)}`"
        seen = seen.doubting(scene.doubt("unknown", text, decorator))
    return seen


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    several = [arguments.vararg, arguments.kwarg]
    placed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [*placed, *(one for one in several if one is not None)]
