"""Of the rows of a table those that a viewer may see."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from bot.service.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Seen:
    """Which repositories somebody may see: their names as JSON, None for all."""

    names: str | None
    engine: sa.Engine

    def where(self, column: sa.Column[str]) -> list[sa.ColumnElement[bool]]:
        """What to ask so that `column`, a repository's name, is one of them."""
        if self.names is None:
            return []
        return [listed(column, self.names, self.engine)]


def seen(viewer: Viewer, engine: sa.Engine) -> Seen:
    names = viewer.repositories
    return Seen(None if names is None else json.dumps(sorted(names)), engine)


def among(
    column: sa.Column[str], names: Collection[str], engine: sa.Engine
) -> sa.ColumnElement[bool]:
    """`column IN names` as one parameter: there may be more names than parameters."""
    return listed(column, json.dumps(sorted(names)), engine)


def listed(
    column: sa.Column[str], text: str, engine: sa.Engine
) -> sa.ColumnElement[bool]:
    if engine.dialect.name == "sqlite":
        found = sa.func.json_each(text)
    else:
        parsed = sa.cast(sa.literal(text, sa.Text), JSONB)
        found = sa.func.jsonb_array_elements_text(parsed)
    # Both databases call its column so.
    return column.in_(sa.select(found.table_valued("value").c.value))
