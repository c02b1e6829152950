"""Files of more than 2,500 lines."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.audit.measures import Measure, Spot
from codemods.context import Context

MOST = 2_500  # lines


def wants(data: bytes) -> bool:
    return data.count(b"\n") > MOST - 1


def find(context: Context) -> Iterator[Spot]:
    lines = len(context.facts.tree.line_starts)
    code = context.facts.tree.code
    lines -= context.facts.tree.line_starts[-1:] == [len(code)]
    if lines > MOST:
        yield Spot(context.tree, f"{lines:,} lines", lines)


MEASURE = Measure(
    name="large-files",
    title=f"Files of more than {MOST:,} lines",
    advice="modules by what they are about",
    wants=wants,
    search="",
    find=find,
)
