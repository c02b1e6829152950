"""What becomes of every query in a code base: counts by verdict and reason.

    python -m bench.query_verdicts [--limit N] [--dialect NAME] [--list] PATH...

A query is a string that begins with SELECT or WITH and that a client in view runs.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codemods.catalog.unbounded_query.clients import clients
from codemods.catalog.unbounded_query.paging import paging
from codemods.catalog.unbounded_query.queries import query_verdict
from codemods.catalog.unbounded_query.reach import reach
from codemods.catalog.unbounded_query.unseen import looks_like_query
from codemods.context import Context
from codemods.facts import Facts
from codemods.model import Decline, Fix, OptionValue, Source, SourceError, Verdict


def contexts(
    paths: list[Path], options: dict[str, OptionValue]
) -> Iterator[tuple[Path, Context]]:
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            data = file.read_bytes()
            if re.search(rb"(?i)\bselect\b", data) or b"bigquery" in data:
                try:
                    yield file, Context(Facts(Source(str(file), data).code), options)
                except (SourceError, RecursionError):
                    continue


def queries(context: Context) -> Iterator[tuple[ast.expr, Verdict]]:
    """The queries of a file that a client in view runs, and their verdicts."""
    for node in ast.walk(context.tree):
        inside = isinstance(context.parent(node), ast.JoinedStr | ast.FormattedValue)
        if not isinstance(node, ast.Constant | ast.JoinedStr) or inside:
            continue
        if looks_like_query(node) and reach(context, node).sinks:
            yield node, query_verdict(node, context)


def results(context: Context) -> Iterator[tuple[ast.expr, Verdict]]:
    """The calls that give the rows of a BigQuery job, and their verdicts."""
    for node in ast.walk(context.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("result", "query_and_wait", "list_rows"):
                if clients(context).thing(node) is not None:
                    yield node, paging(node, context)


def kind(verdict: Verdict) -> str:
    match verdict:
        case Fix(caveat=None):
            return "fixed, safe"
        case Fix():
            return "fixed, unsafe"
        case Decline(reason=reason):
            reason = re.sub(r"`[^`]*`|'[^']*'", "_", reason)
            return re.sub(r"\(?\b(?:line|column) \d+\)?", "", reason)[:70]
    return "bounded, or sized already"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--dialect", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("paths", nargs="+", type=Path)
    asked = parser.parse_args()
    options: dict[str, OptionValue] = {
        "limit": asked.limit,
        "dialect": asked.dialect,
        "page-size": 1000,
    }
    counts = {"queries": Counter[str](), "results": Counter[str]()}
    for file, context in contexts(asked.paths, options):
        for name, found in (("queries", queries), ("results", results)):
            for node, verdict in found(context):
                counts[name][kind(verdict)] += 1
                if asked.list:
                    print(f"{file}:{context.line(node)}: {name}: {kind(verdict)}")
    for name, counted in counts.items():
        print(f"{name}: {counted.total()}")
        for each, count in counted.most_common():
            print(f"{count:6} {each}")


if __name__ == "__main__":
    main()
