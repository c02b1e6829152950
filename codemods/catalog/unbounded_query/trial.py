"""unbounded-query: a query on its own tables; pages by the real client."""

from __future__ import annotations

import ast
import json
from dataclasses import asdict

from codemods.catalog.unbounded_query.candidates import query_of
from codemods.catalog.unbounded_query.pages import pages_trial
from codemods.catalog.unbounded_query.parsing import Parsed
from codemods.catalog.unbounded_query.reach import reach
from codemods.catalog.unbounded_query.routes import Reach
from codemods.catalog.unbounded_query.sampling import Sample, Unsampled, sample
from codemods.context import Context
from codemods.evidence.cut.free import Uncuttable
from codemods.evidence.trials import Case, NoTrial, Trial, program
from codemods.model import Decline

FETCHED = "what the loop does to the database while it reads cannot be run here"


def trial(case: Case) -> Trial | NoTrial:
    """The program that runs a query, or the loop over its rows, before and after."""
    try:
        if _string(case.context, case.offset) is not None:
            return _limit(case)
        if case.finding.before.count("fetchall") > (case.finding.after or "").count(
            "fetchall"
        ):
            return NoTrial(FETCHED)
        return pages_trial(case)
    except (Unsampled, Uncuttable) as error:
        return NoTrial(str(error))


def _limit(case: Case) -> Trial | NoTrial:
    before = _query(case.context, case.offset)
    after = _query(case.context_after, case.offset)
    old, new = sample(before), sample(after)
    if new.limit is None:
        raise Unsampled("the limit is no number in view")
    told = {"before": old.sql, "number": case.number, **asdict(_same(old, new))}
    files = {
        "trial.py": program(__package__, "limited_run.py"),
        "case.json": json.dumps(told).encode(),
    }
    made = "its tables and columns are made up"
    return Trial(files, subject="databases", notes=(made, *_spoken(before)))


def _same(old: Sample, new: Sample) -> Sample:
    if (old.tables, old.values, old.named) != (new.tables, new.values, new.named):
        raise Unsampled("more than a limit differs between the queries")
    return new


def _spoken(read: Parsed) -> tuple[str, ...]:
    if read.dialect == "sqlite":
        return ("run by SQLite",)
    return (f"run by SQLite, in whose words sqlglot puts the {read.dialect or 'SQL'}",)


def _query(context: Context, offset: int) -> Parsed:
    """The query that begins at an offset, as the first client that runs it gets it."""
    node = _string(context, offset)
    found = reach(context, node) if node is not None else Reach()
    for sink in found.sinks:
        read = query_of(sink, found, context)
        if isinstance(read, Decline):
            raise Unsampled(read.reason)
        return read
    raise Unsampled("no client in view runs the query")


def _string(context: Context, offset: int) -> ast.Constant | ast.JoinedStr | None:
    """The string that begins at an offset."""
    tree = context.facts.tree
    for formatted in tree.every(ast.JoinedStr):
        if context.span(formatted)[0] == offset:
            return formatted
    for node in tree.every(ast.Constant):
        if isinstance(node.value, str) and context.span(node)[0] == offset:
            return node
    return None
