"""What tells a client where no constructor does: annotations, a config, its use."""

from __future__ import annotations

import ast
import re

from codemods.catalog.unbounded_query.dialects import leading_text
from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context

_SQL = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)


_JOBS = {"result", "to_dataframe"}


def annotated(context: Context, annotation: ast.expr) -> Thing | None:
    match annotation:
        case ast.Constant(value=str() as text):
            name = _spelled(context, text)
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return annotated(context, left)
        case ast.Subscript(value=base, slice=inner):
            name = context.qualified_name(base)
            return annotated(context, inner) if name == "typing.Optional" else None
        case _:
            name = context.qualified_name(annotation)
    return tables().made.get(name or "")


def _spelled(context: Context, text: str) -> str | None:
    """The qualified name of an annotation in quotes, by the file's imports."""
    head, _, rest = text.partition(".")
    for definition in context.facts.scopes.module.definitions.get(head, ()):
        if isinstance(definition.node, ast.alias):
            imported = context.facts.imported(definition.node)
            return f"{imported}.{rest}" if rest else imported
    return None


def job_by_config(
    context: Context, node: ast.Call, func: ast.Attribute
) -> Thing | None:
    """`x.query(sql, job_config=bigquery.QueryJobConfig(...))` gives a query job."""
    for keyword in node.keywords:
        if keyword.arg == "job_config" and func.attr == "query":
            value = keyword.value
            if isinstance(value, ast.Name):
                value = context.value_of(value) or value
            if isinstance(value, ast.Call):
                made = context.qualified_name(value.func) or ""
                if made.startswith("google.cloud.bigquery.") and made.endswith(
                    ".QueryJobConfig"
                ):
                    return Thing("bigquery", "job", "bigquery")
    return None


def job_by_use(context: Context, node: ast.Call, func: ast.Attribute) -> Thing | None:
    """`x.query("SELECT ...")` whose value is asked for a `result()` is a job."""
    if func.attr != "query" or not node.args:
        return None
    if _of_this_file(node, func.value, context):
        return None
    if not _SQL.match(leading_text(context, node.args[0])):
        return None
    up = context.parent(node)
    uses: list[ast.expr] = [node]
    if isinstance(up, ast.Assign) and isinstance(up.targets[0], ast.Name):
        definition = context.facts.scopes.bound_by[up.targets[0]]
        uses = list(context.uses(definition))
    asked = (context.parent(use) for use in uses)
    if any(isinstance(each, ast.Attribute) and each.attr in _JOBS for each in asked):
        return Thing("bigquery", "job", "bigquery", sure=False)
    return None


def _of_this_file(call: ast.Call, receiver: ast.expr, context: Context) -> bool:
    """Whether a method is one of a class of this file, which says what it gives."""
    if context.function_called(call) is not None:
        return True
    made = context.value_of(receiver) if isinstance(receiver, ast.Name) else receiver
    match made:
        case ast.Call(func=ast.Name() as maker):
            return any(each.kind == "class" for each in context.definitions(maker))
    return False
