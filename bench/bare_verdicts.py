"""What becomes of every bare except in a code base: named, Exception, or left.

    python -m bench.bare_verdicts [--list] PATH...

Suppressions such as `# noqa: E722` do not count here: every handler is judged. What
was rewritten has to parse, and a second run to find nothing left to do.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codemods.catalog.bare_except import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Finding, Result, Source

EVERY = dataclasses.replace(CODEMOD, ignored_by=())
BROAD = re.compile(r"^\s*except Exception\s*:", re.MULTILINE)
HEADS = ("path", "bare", "safe", "named", "Exception", "declined", "files skipped")


def results(path: Path) -> Iterator[tuple[Path, int, Result]]:
    """The files with bare handlers, how many, and what was made of them."""
    for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
        data = file.read_bytes()
        if EVERY.triggers.search(data):
            result = judged(Source(str(file), data))
            if result.skipped is not None or handlers(data):
                yield file, handlers(data), result


def judged(source: Source) -> Result:
    return run(source, [EVERY], Settings(unsafe=True))


def handlers(data: bytes) -> int:
    """How many handlers of a file are bare; none of one that does not parse."""
    try:
        nodes = ast.walk(ast.parse(data))
    except (SyntaxError, ValueError):
        return 0
    return sum(isinstance(one, ast.ExceptHandler) and one.type is None for one in nodes)


def kind(finding: Finding) -> str:
    if finding.verdict == "declined":
        return "declined"
    return "Exception" if BROAD.search(finding.after or "") else "named"


def troubles(result: Result, count: int) -> Iterator[str]:
    """What must not be: a failure, no verdict, no Python, an unsettled rewrite."""
    yield from (failure.message for failure in result.failures)
    if result.skipped is not None:
        return
    if len(result.findings) != count:
        yield f"{count} handlers, {len(result.findings)} verdicts"
    ast.parse(result.after.data)
    if result.changed and judged(result.after).changed:
        yield "a second run changes something"


def measured(path: Path, *, listed: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file, count, result in results(path):
        counts["bare"] += count
        counts["files skipped"] += result.skipped is not None
        for finding in result.findings:
            counts[kind(finding)] += 1
            counts["safe"] += finding.verdict == "safe"
            if listed:
                why = finding.caveat or finding.reason or "safe"
                print(f"{file}:{finding.line}: {kind(finding)}: {why}")
        for trouble in troubles(result, count):
            counts["troubles"] += 1
            print(f"{file}: {trouble}")
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="each handler and why")
    parser.add_argument("paths", nargs="+", type=Path)
    given = parser.parse_args()
    total: Counter[str] = Counter()
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}")
    for path in given.paths:
        counts = measured(path, listed=given.list)
        total += counts
        print(f"| {path.name} | {' | '.join(str(counts[key]) for key in HEADS[1:])} |")
    print(f"| all | {' | '.join(str(total[key]) for key in HEADS[1:])} |")
    print(f"troubles: {total['troubles']}")
    return 1 if total["troubles"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
