"""The raises-analysis of a file: its parts put together."""

from __future__ import annotations

from codemods.catalog.bare_except.expressions import expression
from codemods.catalog.bare_except.functions import function
from codemods.catalog.bare_except.library import knowledge
from codemods.catalog.bare_except.patches import patched
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.statements import block
from codemods.context import Context


def scene_of(context: Context) -> Scene:
    """The file of a context, ready to be asked what its code raises."""
    own = context.options.get("knowledge", ())
    extra = own if isinstance(own, tuple) else ()
    return Scene(
        context, knowledge(extra), expression, block, function, patched(context)
    )
