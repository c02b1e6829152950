"""Where an import goes, and when an import or an assignment is no longer needed."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from codemods.deletion import deletion
from codemods.facts import Facts
from codemods.facts.scopes import Definition, Scope
from codemods.facts.tree import Tree
from codemods.model import Edit


def additions(facts: Facts, wanted: Iterable[str]) -> list[Edit]:
    """Edits that make modules ("subprocess") or names ("os.path:join") importable.

    Each goes behind the imports at the head of the file, or into their alphabetical
    order where they are in order; nothing is added that is there already.
    """
    missing = [each for each in sorted(set(wanted)) if not _present(facts, each)]
    if not missing:
        return []
    newline = "\r\n" if b"\r\n" in facts.tree.code else "\n"
    if not _head(facts.tree.root):
        lines = "".join(f"{_statement(each)}{newline}" for each in missing)
        at, lead = _after_docstring(facts.tree, newline)
        gap = newline if facts.tree.root.body else ""
        return [Edit(at, at, f"{lead}{lines}{gap}")]
    return [_into_head(facts.tree, each, newline) for each in missing]


def _statement(wanted: str) -> str:
    module, _, name = wanted.partition(":")
    return f"from {module} import {name}" if name else f"import {module}"


def _present(facts: Facts, wanted: str) -> bool:
    module, _, name = wanted.partition(":")
    bound = name or module.partition(".")[0]
    return any(
        isinstance(each.node, ast.alias)
        and facts.tree.parent(each.node) in facts.tree.root.body
        and each.node.asname is None
        and _imports(facts, each.node, module, name)
        for each in facts.scopes.module.definitions.get(bound, ())
    )


def _imports(facts: Facts, alias: ast.alias, module: str, name: str) -> bool:
    if name:
        return facts.imported(alias) == f"{module}.{name}"
    return isinstance(facts.tree.parent(alias), ast.Import) and alias.name == module


def _head(root: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """The imports at the top of the file, `from __future__` left out."""
    found: list[ast.Import | ast.ImportFrom] = []
    for statement in root.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if not (
                isinstance(statement, ast.ImportFrom)
                and statement.module == "__future__"
            ):
                found.append(statement)
        elif found or not _is_docstring(statement):
            break
    return found


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _into_head(tree: Tree, wanted: str, newline: str) -> Edit:
    """Before the first plain import that sorts behind it, else after the last one."""
    head = _head(tree.root)
    module, _, name = wanted.partition(":")
    plain = [
        each
        for each in head
        if isinstance(each, ast.Import) != bool(name) and _alone(tree, each)
    ]
    names = [_module_of(each) for each in plain]
    if names == sorted(names):
        for each, other in zip(plain, names, strict=True):
            if module.lower() < other:
                start = tree.span(each)[0]
                return Edit(start, start, _statement(wanted) + newline)
    near = plain[-1] if plain else head[-1]
    if not plain and not name:
        # A module that has `from` imports only: plain imports go before them.
        start = tree.span(head[0])[0]
        if _alone(tree, head[0]):
            return Edit(start, start, _statement(wanted) + newline)
    return _after_line(tree, near, _statement(wanted), newline)


def _module_of(statement: ast.Import | ast.ImportFrom) -> str:
    if isinstance(statement, ast.Import):
        return statement.names[0].name.lower()
    return (statement.module or "").lower()


def _alone(tree: Tree, statement: ast.stmt) -> bool:
    start = tree.span(statement)[0]
    return not tree.code[tree.line_starts[tree.line(start) - 1] : start].strip()


def _after_line(tree: Tree, statement: ast.stmt, text: str, newline: str) -> Edit:
    line = tree.line(tree.span(statement)[1])
    if line < len(tree.line_starts):
        at = tree.line_starts[line]
        if at < len(tree.code) or tree.code.endswith((b"\n", b"\r")):
            return Edit(at, at, text + newline)
    return Edit(len(tree.code), len(tree.code), newline + text)


def _after_docstring(tree: Tree, newline: str) -> tuple[int, str]:
    """Where the first import of a file goes: after docstring and `__future__`."""
    last: ast.stmt | None = None
    for index, statement in enumerate(tree.root.body):
        future = isinstance(statement, ast.ImportFrom) and (
            statement.module == "__future__"
        )
        if not (future or (index == 0 and _is_docstring(statement))):
            break
        last = statement
    if last is not None:
        edit = _after_line(tree, last, "", newline)
        return edit.start, newline
    if tree.root.body:
        first = tree.root.body[0]
        # Before the comments that belong to the first statement would be wrong for
        # a licence header, so right before the statement itself.
        return tree.line_starts[tree.line(tree.span(first)[0]) - 1], ""
    return len(tree.code), ""


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

    Only an import, or a plain assignment of a value without effects, goes.
    """
    if not orphans:
        return []
    exported = _exported(facts.tree.root)
    gone: list[Edit] = []
    for scope in facts.scopes.module.walk():
        if scope.is_comprehension or scope.dynamic or scope.module.dynamic:
            continue
        path = _path(facts, scope)
        for name in sorted(name for where, name in orphans if where == path):
            definitions = scope.definitions.get(name, [])
            if name not in scope.shared and name not in exported:
                edits = [_removable(facts, each) for each in definitions]
                gone += [edit for edit in edits if edit] if all(edits) else []
    return gone


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


def _removable(facts: Facts, definition: Definition) -> Edit | None:
    if facts.flow.readers(definition):
        return None
    node = definition.node
    statement = facts.tree.statement(node)
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=value):
            if target is node and facts.is_pure(value):
                return deletion(facts.tree, statement)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            if len(names) == 1:
                return deletion(facts.tree, statement)
            return _without(facts.tree, statement, node)
    return None


def _without(tree: Tree, statement: ast.stmt, gone: ast.AST) -> Edit:
    """One name out of an import of several."""
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    places = [tree.span(alias) for alias in statement.names]
    index = [alias is gone for alias in statement.names].index(True)
    if index + 1 < len(places):
        return Edit(places[index][0], places[index + 1][0], "")
    return Edit(places[index - 1][1], places[index][1], "")
