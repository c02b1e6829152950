"""Of the rows of a table those that a viewer may see."""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from bot.service.viewers import Viewer


def seen(
    column: sa.Column[str], viewer: Viewer, engine: sa.Engine
) -> list[sa.ColumnElement[bool]]:
    """What to ask so that `column`, a repository's name, is of those one may see."""
    if viewer.repositories is None:
        return []
    return [among(column, viewer.repositories, engine)]


def among(
    column: sa.Column[str], names: Collection[str], engine: sa.Engine
) -> sa.ColumnElement[bool]:
    """`column IN names` as one parameter: there may be more names than parameters."""
    text = json.dumps(sorted(names))
    if engine.dialect.name == "sqlite":
        found = sa.func.json_each(text)
    else:
        parsed = sa.cast(sa.literal(text, sa.Text), JSONB)
        found = sa.func.jsonb_array_elements_text(parsed)
    # Both databases call its column so.
    return column.in_(sa.select(found.table_valued("value").c.value))
