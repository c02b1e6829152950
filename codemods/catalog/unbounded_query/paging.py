"""`page_size` where a BigQuery job is iterated: the same rows, in pages."""

from __future__ import annotations

import ast
import re

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.cursors import fates
from codemods.catalog.unbounded_query.dialects import leading_text
from codemods.catalog.unbounded_query.fates import Fate
from codemods.catalog.unbounded_query.sizes import given_by_place, is_sized, with_size
from codemods.context import Context
from codemods.model import Decline, Edit, Fix, Verdict

# A script may begin with CREATE and end with a SELECT: it is not among them.
_NO_ROWS = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|DROP|ALTER|TRUNCATE|EXPORT)\b(?!.*;.*\bSELECT\b)",
    re.IGNORECASE | re.DOTALL,
)
MESSAGE = "a page of query results holds as many rows as the server likes"
_REASONS = {
    "collected": "the rows are {how}: paging would save little",
    "counted": "the rows are {how}: no row is read here",
    "frame": "the rows are {how}, which reads through the Storage API or wants them "
    "all: page_size does nothing good there",
    "pages": "the rows are {how}: the pages have a size of their own",
    "first": "only the first row is {how}",
    "waited": "nothing reads the rows: the call waits for the job",
    "escapes": "what becomes of the rows is not in view: {how}",
}


def paging(node: ast.Call, context: Context) -> Verdict:
    """The verdict on a call that gives the rows of a query, or None for any other."""
    if not _gives_rows(node, context):
        return None
    if is_sized(node):
        return None
    if given_by_place(node):
        return Decline("an argument by position may be a size or a start already")
    if any(keyword.arg == "start_index" for keyword in node.keywords):
        return Decline("start_index and page_size do not work together in the client")
    if any(keyword.arg is None for keyword in node.keywords):
        return Decline("`**` may pass a page_size already")
    if _statement(node, context):
        return Decline("the statement gives no rows: the call waits for the job")
    found = [each for each in fates(context, node) if not _neutral(each)]
    kinds = {each.kind for each in found}
    paged = {"iterated", "mapped", "first"} if "iterated" in kinds else {"mapped"}
    stops = [each for each in found if each.kind not in paged]
    if stops or not found:
        return _declined(stops, node, context)
    size = context.options["page-size"]
    edits = (with_size(node, f"page_size={size}", context),)
    return Fix(edits, caveat=_doubt(node, context), message=MESSAGE)


def _doubt(node: ast.Call, context: Context) -> str | None:
    """What is not proven of the client, where something is not."""
    assert isinstance(node.func, ast.Attribute)
    thing = clients(context).thing(node.func.value)
    if thing is None or thing.sure:
        return None
    return (
        "the client is taken for one of BigQuery by its use: its `query` takes SQL and "
        "gives what has a `result()`"
    )


def _statement(node: ast.Call, context: Context) -> bool:
    """Whether the job, where its text is in view, is no query at all."""
    assert isinstance(node.func, ast.Attribute)
    job = node.func.value
    job = (context.value_of(job) or job) if isinstance(job, ast.Name) else job
    if not isinstance(job, ast.Call) or not job.args:
        return False
    return _NO_ROWS.match(leading_text(context, job.args[0])) is not None


def _neutral(fate: Fate) -> bool:
    return fate.kind == "counted" and "total_rows" in fate.how


def _gives_rows(node: ast.Call, context: Context) -> bool:
    match node.func:
        case ast.Attribute(value=value, attr="result"):
            thing = clients(context).thing(value)
            return thing is not None and (thing.family, thing.role) == (
                "bigquery",
                "job",
            )
        case ast.Attribute(value=value, attr="query_and_wait" | "list_rows"):
            thing = clients(context).thing(value)
            return thing is not None and thing.family == "bigquery"
    return False


def _declined(stops: list[Fate], node: ast.Call, context: Context) -> Verdict:
    if not stops:
        return Decline("only the size of the result is read")
    worst = stops[0]
    if worst.kind == "frame" and isinstance(context.parent(node), ast.Attribute):
        # `.result().to_dataframe()` is reported as the load that it is.
        return None
    return Decline(_REASONS[worst.kind].format(how=worst.how))


def looped(node: ast.For, context: Context) -> Verdict:
    """`for row in client.query(...)`: the job's own iterator, with a page size."""
    iterated = node.iter
    if not isinstance(iterated, ast.Call):
        return None
    thing = clients(context).thing(iterated)
    if thing is None or (thing.family, thing.role) != ("bigquery", "job"):
        return None
    end = context.span(iterated)[1]
    size = context.options["page-size"]
    edit = Edit(end, end, f".result(page_size={size})")
    return Fix((edit,), message=MESSAGE)
