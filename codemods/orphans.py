"""When an import or an assignment is no longer needed, and how it goes."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from codemods.deletion import deletion
from codemods.facts import Facts
from codemods.facts.scopes import Definition, Scope
from codemods.facts.tree import Tree
from codemods.model import Edit

# A name and the functions and classes around its scope, outermost first.
Orphan = tuple[tuple[str, ...], str]


def orphan(facts: Facts, statement: ast.stmt, name: str) -> Iterator[Orphan]:
    """The variable that `name` means at a statement, named so that edits keep it."""
    owner = facts.flow.scope_at(statement).owner(name)
    if owner is not None:
        yield _path(facts, owner), name


def _path(facts: Facts, scope: Scope) -> tuple[str, ...]:
    nodes = [scope.node, *facts.tree.ancestors(scope.node)]
    named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return tuple(node.name for node in reversed(nodes) if isinstance(node, named))


def removals(facts: Facts, orphans: Collection[Orphan]) -> list[Edit]:
    """Edits that take out what bound orphaned names and nothing reads any more.

    Only an import, or a plain assignment of a value without effects, goes. One edit
    a block at a time: what a block may lose depends on what it has left.
    """
    found = [
        definition
        for scope in (facts.scopes.module.walk() if orphans else ())
        if not (scope.is_comprehension or scope.dynamic or scope.module.dynamic)
        for path, name in sorted(orphans)
        if path == _path(facts, scope) and _unused(facts, scope, name)
        for definition in scope.definitions[name]
    ]
    edits: dict[ast.AST | None, Edit] = {}
    for definition in found:
        block = facts.tree.parent(facts.tree.statement(definition.node))
        edits.setdefault(block, _removal(facts.tree, definition))
    return list(edits.values())


def _unused(facts: Facts, scope: Scope, name: str) -> bool:
    """Whether nothing reads a variable and all that binds it can go."""
    return (
        name in scope.definitions
        and name not in scope.shared
        and name not in _exported(facts.tree.root)
        and not _spelled(facts.tree, name)
        and all(_removable(facts, each) for each in scope.definitions[name])
    )


def _spelled(tree: Tree, name: str) -> bool:
    """Whether a string or a type comment holds a name as code does."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    if re.search(rb"#\s*type:.*\b%s\b" % re.escape(name.encode("utf-8")), tree.code):
        return True
    return any(
        isinstance(node.value, str)
        and word.search(node.value) is not None
        and _is_code(node.value)
        for node in tree.every(ast.Constant)
    )


def _is_code(text: str) -> bool:
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError):
        return False
    return True


def _exported(root: ast.Module) -> set[str]:
    """The strings of `__all__`."""
    return {
        part.value
        for statement in root.body
        if isinstance(statement, ast.Assign | ast.AugAssign)
        and "__all__" in ast.unparse(statement)
        for part in ast.walk(statement)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _removable(facts: Facts, definition: Definition) -> bool:
    if facts.flow.readers(definition):
        return False
    node = definition.node
    statement = facts.tree.statement(node)
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=value):
            return target is node and facts.is_pure(value)
        case ast.Import() | ast.ImportFrom():
            assert isinstance(node, ast.alias)
            # `import a as a` says that others import it from here; what stands in a
            # try or an if was put there for a reason.
            home = facts.tree.parent(statement)
            return node.name != node.asname and isinstance(home, _PLAIN_BLOCKS)
    return False


_PLAIN_BLOCKS = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _removal(tree: Tree, definition: Definition) -> Edit:
    statement = tree.statement(definition.node)
    if isinstance(statement, ast.Import | ast.ImportFrom) and len(statement.names) > 1:
        return _without(tree, statement, definition.node)
    return deletion(tree, statement)


def _without(tree: Tree, statement: ast.Import | ast.ImportFrom, gone: ast.AST) -> Edit:
    """One name out of an import of several."""
    places = [tree.span(alias) for alias in statement.names]
    index = [alias is gone for alias in statement.names].index(True)
    if index + 1 < len(places):
        return Edit(places[index][0], places[index + 1][0], "")
    return Edit(places[index - 1][1], places[index][1], "")
