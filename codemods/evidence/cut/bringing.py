"""The imports that a piece of code brings along."""

from __future__ import annotations

import ast
import sys

from codemods.facts import Facts


def imports_of(facts: Facts, node: ast.Name) -> list[ast.stmt]:
    """The imports that bind a name: of `import a.b` and `import a.c`, both."""
    reaching = {each.node for each in facts.flow.reaching(node)}
    scope = facts.scopes.of_name[node].owner(node.id)
    every = scope.definitions.get(node.id, ()) if scope is not None else ()
    found: list[ast.stmt] = []
    if not every:
        stars = facts.scopes.module.stars
        return [_star(each) for each in stars if each in sys.stdlib_module_names]
    for alias in (each.node for each in every):
        if not isinstance(alias, ast.alias):
            continue
        statement = facts.tree.parent(alias)
        if isinstance(statement, ast.ImportFrom):
            if alias in reaching:
                made = ast.ImportFrom(statement.module, [alias], statement.level)
                found.append(made)
        elif alias in reaching or (not alias.asname and "." in alias.name):
            found.append(ast.Import([alias]))
    return found


def _star(module: str) -> ast.stmt:
    return ast.ImportFrom(module, [ast.alias("*")], 0)
