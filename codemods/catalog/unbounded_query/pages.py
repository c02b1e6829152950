"""The rows of a BigQuery job before and after: the real client, an endpoint of its own.

Only the expression that gives the rows is run, and what feeds it; of a loop, its head.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator

from codemods.evidence.cut.changes import changes
from codemods.evidence.cut.cutter import Side
from codemods.evidence.cut.cutting import cut
from codemods.evidence.cut.free import Given, Uncuttable
from codemods.evidence.cut.kinds import settled
from codemods.evidence.trials import Case, Trial, program
from codemods.facts import Facts

# What a method is called on, as the program knows it.
METHODS = {
    "query": "client",
    "query_and_wait": "client",
    "list_rows": "client",
    "result": "job",
}
ROWS = ("result", "query_and_wait", "list_rows")
REAL = "the client is the real one, its server a stand-in"
NEEDS = ("google.cloud.bigquery",)


def pages_trial(case: Case) -> Trial:
    """The program that reads the rows before and after; raises Uncuttable."""
    before, after = case.context.facts, case.context_after.facts
    found = changes(before.tree, after.tree)
    if len(found) != 1:
        raise Uncuttable("more than one function changes")
    (change,) = found
    old = Side(before, {change.before: change.marks_before}, _gives_rows, METHODS)
    new = Side(after, {change.after: change.marks_after}, _gives_rows, METHODS)
    results = old.results(change.before) & new.results(change.after)
    sides = cut(old, change.before, results), cut(new, change.after, results)
    givens = {each.text: each for side in sides for each in side.givens}
    told = {
        "sides": [each.code for each in sides],
        "givens": [_told(each) for each in givens.values()],
        "fields": sorted({*_fields(change.marks_before, before)}),
        "size": case.options.get("page-size", 1000),
    }
    files = {
        "trial.py": program(__package__, "pages_run.py"),
        "made_up.py": program("codemods.evidence.cut", "made_up.py"),
        "case.json": json.dumps(told).encode(),
    }
    notes = (
        "the client is the real one, its server a stand-in",
        *_notes(change.before),
    )
    return Trial(files, needs=NEEDS, subject="results", notes=notes)


def _notes(frame: ast.AST) -> tuple[str, ...]:
    loops = any(isinstance(each, ast.For) for each in ast.walk(frame))
    return ("what is done with the rows is not run",) if loops else ()


def _gives_rows(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ROWS


def _told(given: Given) -> dict[str, object]:
    return {
        "name": given.name,
        "text": given.text,
        "kinds": list(settled(given.kinds)),
    }


def _fields(marks: Iterable[ast.AST], facts: Facts) -> Iterator[str]:
    """Names that may be columns: attributes and keys that are read near the rows."""
    for mark in marks:
        for node in ast.walk(facts.tree.statement(mark)):
            match node:
                case ast.Attribute(attr=attr, ctx=ast.Load()) if attr not in METHODS:
                    yield attr
                case ast.Subscript(slice=ast.Constant(value=str(key))):
                    yield key
