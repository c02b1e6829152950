"""A list of all rows that one loop reads, as a generator."""

from __future__ import annotations

import ast

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.disturbances import disturbing
from codemods.context import Context
from codemods.model import Edit, Fix, Verdict

LIST_CAVEAT = (
    "rows are fetched while the loop runs: a page that fails does so after the rows "
    "before it were handled"
)


def listed_once(node: ast.ListComp, context: Context) -> Verdict:
    """`rows = [f(row) for row in job.result()]` before the one loop over `rows`."""
    if len(node.generators) != 1 or not _over_job(node.generators[0].iter, context):
        return None
    statement = context.statement(node)
    if not isinstance(statement, ast.Assign) or statement.value is not node:
        return None
    loop = _the_only_loop(statement, context)
    if loop is None or disturbing(loop, context) is not None:
        return None
    if not _unmoved(node, loop, context):
        return None
    start, end = context.span(node)
    edits = (Edit(start, start + 1, "("), Edit(end - 1, end, ")"))
    return Fix(
        edits, caveat=LIST_CAVEAT, message="a list of all rows is looped over once"
    )


def _over_job(iterated: ast.expr, context: Context) -> bool:
    if not isinstance(iterated, ast.Call):
        return False
    thing = clients(context).thing(iterated)
    return thing is not None and (thing.family, thing.role) == ("bigquery", "rows")


def _the_only_loop(statement: ast.Assign, context: Context) -> ast.For | None:
    """The next statement, where it loops over the name and nothing else reads it."""
    target = statement.targets[0]
    if len(statement.targets) != 1 or not isinstance(target, ast.Name):
        return None
    definition = context.facts.scopes.bound_by[target]
    uses = context.uses(definition)
    if len(uses) != 1 or definition.name in context.scope(target).shared:
        return None
    loop = context.parent(uses[0])
    if not isinstance(loop, ast.For) or loop.iter is not uses[0]:
        return None
    if context.scope(target).frame.node is context.tree:
        return None
    return loop if _following(statement, context) is loop else None


def _following(statement: ast.stmt, context: Context) -> ast.stmt | None:
    """The next statement that does more than give pure values names."""
    home = context.parent(statement)
    for block in ("body", "orelse", "finalbody"):
        body = getattr(home, block, None)
        if isinstance(body, list) and statement in body:
            rest = body[body.index(statement) + 1 :]
            return next((each for each in rest if not _is_quiet(each, context)), None)
    return None


def _between(one: ast.stmt, other: ast.stmt, context: Context) -> list[ast.stmt]:
    body = getattr(context.parent(one), "body", [])
    inside = one in body and other in body
    return body[body.index(one) + 1 : body.index(other)] if inside else []


def _is_quiet(statement: ast.stmt, context: Context) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            return context.is_pure(value)
    return False


def _unmoved(node: ast.ListComp, loop: ast.For, context: Context) -> bool:
    """Whether what the list's elements read is the same while the loop runs."""
    between = _between(context.statement(node), loop, context)
    bound = {
        definition.name
        for each in (*between, loop)
        for definition in context.bindings(each)
    }
    inside = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    own = {name.id for name in ast.walk(node.generators[0].target)
           if isinstance(name, ast.Name)}  # fmt: skip
    computed = (node.elt, *node.generators[0].ifs)
    calm = all(context.is_pure(each) for each in computed)
    return calm and not bound & (inside - own)
