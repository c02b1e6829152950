"""The raises-analysis of a file: its parts put together."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from codemods.catalog.bare_except.expressions import expression
from codemods.catalog.bare_except.functions import function
from codemods.catalog.bare_except.own import own_library
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.statements import block
from codemods.catalog.bare_except.table import Knowledge
from codemods.context import Context


def scene_of(context: Context) -> Scene:
    """The file of a context, ready to be asked what its code raises."""
    given = context.options.get("knowledge", ())
    paths = given if isinstance(given, tuple) else ()
    return Scene(context, knowledge(paths), expression, block, function)


@lru_cache(maxsize=8)
def knowledge(paths: tuple[str, ...] = ()) -> Knowledge:
    """The table, with a user's own files before those that come along."""
    return Knowledge(tuple(own_library(Path(path)) for path in paths))
