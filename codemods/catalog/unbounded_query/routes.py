"""The way of a text: what holds it, who runs it, where it is lost."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from codemods.catalog.unbounded_query.sinks import Sink

CARRIERS = {"textwrap.dedent", "inspect.cleandoc", "sqlalchemy.text", "str",
            "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text",
            "psycopg2.sql.SQL", "psycopg.sql.SQL"}  # fmt: skip


# Those of one driver alone, with the SQL that it speaks.
COMPOSERS = {"psycopg2.sql.SQL": "postgres", "psycopg.sql.SQL": "postgres"}


METHODS = {"format", "strip", "lstrip", "rstrip", "bindparams"}


@dataclass(frozen=True, slots=True)
class Lost:
    """A use that is no client's, and in which the text may be run.

    `part` where it becomes a part of another text or of data: nothing runs it there.
    """

    node: ast.AST
    reason: str
    part: bool = False


@dataclass(slots=True)
class Reach:
    """Every use of a text.

    `route` are the expressions that hold it; `sources` say, for a name, a parameter,
    a subscript or a call on the route, which expression its text comes from.
    """

    sinks: list[Sink] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    route: set[ast.AST] = field(default_factory=set)
    sources: dict[ast.AST, ast.expr] = field(default_factory=dict)
