"""Names under which other files may read a query, or the cursor that ran it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.handling import outer
from codemods.catalog.unbounded_query.owned import hands_out_rows
from codemods.catalog.unbounded_query.routes import Reach
from codemods.catalog.unbounded_query.sinks import Sink
from codemods.context import Context
from codemods.facts.calls import Defined


def names_of(found: Reach, context: Context) -> list[str]:
    """What of this file holds the text of a query where others may import it."""
    names = {name for node in found.route for name in _names(node, context)}
    return sorted(names)


def _names(node: ast.AST, context: Context) -> Iterator[str]:
    up = context.parent(node)
    if isinstance(up, ast.Dict | ast.List | ast.Tuple | ast.Set):
        yield from _names(up, context)
    match up:
        case ast.Assign(targets=targets):
            yield from (name for each in targets for name in _public(each, context))
        case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
            yield from _public(target, context)
        case ast.Return():
            function = context.enclosing(up, ast.FunctionDef)
            home = context.parent(function) if function is not None else None
            if function is not None and isinstance(home, ast.Module | ast.ClassDef):
                if not _is_private(function.name):
                    yield f"{function.name}()"


def _public(target: ast.expr, context: Context) -> Iterator[str]:
    match target:
        case ast.Name(id=name) if is_open(target, context):
            yield name
        case ast.Attribute(attr=name) if not _is_private(name):
            yield name


def is_open(name: ast.Name, context: Context) -> bool:
    """Whether a name of a module or of a class is one that others may read."""
    home = context.scope(name).frame.node
    if isinstance(home, Defined | ast.Lambda) or _is_private(name.id):
        return False
    return not any(_is_script(up) for up in context.ancestors(name))


def _is_script(node: ast.AST) -> bool:
    """`if __name__ == "__main__":`, whose names nothing imports."""
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


# What a call gives that has read the rows already.
_READ = {"row", "list", "frame"}


def rows_of(sink: Sink, context: Context) -> list[str]:
    """The module's names for the cursor of a query, or for what running it gave."""
    whole = outer(context, sink.call)
    given = clients(context).thing(sink.call)
    if given is not None and given.role in _READ:
        return []
    bound = context.bindings(context.statement(sink.call))
    names = [
        each.node
        for each in bound
        if each.value is whole and isinstance(each.node, ast.Name)
    ]
    func = sink.call.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        if hands_out_rows(sink.client):
            names.append(func.value)
    return sorted({name.id for name in names if is_open(name, context)})
