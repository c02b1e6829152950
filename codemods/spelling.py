"""Names in a given place: what a module's function is called there, what is free."""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Iterator, Sequence

from codemods.facts import Facts
from codemods.facts.scopes import Definition, Scope


def spelling(facts: Facts, qualified: str, at: ast.stmt) -> tuple[str, tuple[str, ...]]:
    """How `subprocess.run` may be written at a statement, and the imports needed.

    Raises LookupError where the module's name means something else there.
    """
    module, _, attr = qualified.rpartition(".")
    for name, alias in _importing(facts, at):
        imported = facts.imported(alias)
        if imported in (qualified, module) and _surely(facts, name, alias, at):
            return (name if imported == qualified else f"{name}.{attr}"), ()
    root = module.partition(".")[0]
    scope = facts.flow.scope_at(at)
    owner = scope.owner(root)
    held = facts.scopes.module.definitions.get(root, [])
    if owner not in (None, facts.scopes.module) or facts.scopes.module.unseen:
        raise LookupError(f"`{root}` means something else in this file")
    if not all(_imports_root(facts, each, root) for each in held):
        raise LookupError(f"`{root}` means something else in this file")
    if any(_stands_below(facts, each.node, at) for each in held):
        raise LookupError(f"`{root}` is imported below")
    return qualified, (module,)


def _importing(facts: Facts, at: ast.stmt) -> Iterator[tuple[str, ast.alias]]:
    """The imports in the scopes that a statement sees, innermost first."""
    scope: Scope | None = facts.flow.scope_at(at)
    while scope is not None:
        for name, definitions in scope.definitions.items():
            for each in definitions:
                if isinstance(each.node, ast.alias) and each.kind == "import":
                    yield name, each.node
        scope = scope.parent


def _surely(facts: Facts, name: str, alias: ast.alias, at: ast.stmt) -> bool:
    """Whether `name` holds what an import bound, on every way to a statement."""
    held = facts.flow.at(at, name)
    if {each.node for each in held} != {alias}:
        return False
    here = facts.flow.scope_at(at)
    home = here.owner(name)
    if home is here:
        return True
    if home is not facts.scopes.module:
        return False
    # What a function sees of its module: an import that is no part of an if or try.
    # A class body runs at once, and must stand behind the import.
    statement = facts.tree.statement(alias)
    outermost = [at, *facts.tree.ancestors(at)][-2]
    before = facts.tree.span(statement) < facts.tree.span(outermost)
    later = not _stands_below(facts, alias, at)
    return statement in facts.tree.root.body and (before or later)


def _stands_below(facts: Facts, node: ast.AST, at: ast.stmt) -> bool:
    """Whether a statement may run before what stands below it in the module.

    One within a function does not, where nothing in between can call it.
    """
    body = facts.tree.root.body
    first, last = ([each, *facts.tree.ancestors(each)][-2] for each in (at, node))
    here, there = ([*map(id, body)].index(id(each)) for each in (first, last))
    if there <= here:
        return False
    inside = isinstance(
        body[here], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    )
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    within = any(isinstance(each, functions) for each in facts.tree.ancestors(at))
    return not (inside and within and all(map(_only_binds, body[here + 1 : there])))


def _only_binds(statement: ast.stmt) -> bool:
    """Whether a statement of a module runs nothing of it."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case (
            ast.FunctionDef(decorator_list=[]) | ast.AsyncFunctionDef(decorator_list=[])
        ):
            return True
        case ast.Assign(value=value) | ast.Expr(value=value):
            return not any(isinstance(node, ast.Call) for node in ast.walk(value))
    return False


def _imports_root(facts: Facts, definition: Definition, root: str) -> bool:
    """Whether a binding is an import under which `root` is the module of that name."""
    node = definition.node
    if not isinstance(node, ast.alias) or definition.kind != "import":
        return False
    plain = isinstance(facts.tree.parent(node), ast.Import)
    return plain and facts.imported(node) == root


def fresh_name(frame: Scope, preferred: str, more: Sequence[str]) -> str:
    """`preferred`, or what it must become to clash with no name that a frame sees."""
    taken = _taken(frame) | set(more)
    name = preferred
    if keyword.iskeyword(name) or hasattr(builtins, name):
        name += "_"
    stem, count = name, 1
    while name in taken:
        count += 1
        name = f"{stem}_{count}" if not stem.endswith("_") else f"{stem}{count}"
    return name


def _taken(frame: Scope) -> set[str]:
    taken: set[str] = set()
    for scope in frame.walk():
        taken |= scope.globals | scope.nonlocals
        taken |= set(scope.definitions) | {name.id for name in scope.names}
    if isinstance(frame.node, ast.ClassDef | ast.Module):
        taken |= set(frame.module.definitions)
    return taken
