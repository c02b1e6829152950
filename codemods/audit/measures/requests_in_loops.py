"""`requests.get` and its like in a loop: a new connection for each."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.audit.measures import Measure, Spot, holds
from codemods.audit.nodes import calls
from codemods.audit.repeats import repeating, told
from codemods.context import Context

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
NAMES = {
    *(f"requests.{method}" for method in METHODS),
    *(f"requests.api.{method}" for method in METHODS),
    *(f"httpx.{method}" for method in METHODS),
}


def find(context: Context) -> Iterator[Spot]:
    for node in calls(context):
        name = context.qualified_name(node.func)
        if name in NAMES:
            loop = repeating(context, node)
            if loop is not None:
                yield Spot(node, f"`{name}()` in {told(context, loop)}", 1)


MEASURE = Measure(
    name="requests-in-loops",
    title="Requests in loops without a session",
    advice="one `requests.Session()` (or `httpx.Client()`) around the loop",
    wants=holds(b"requests", b"httpx"),
    search=r"requests\.(get|post|put|patch|delete|head|options|request)\(",
    find=find,
)
