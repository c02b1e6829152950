"""What is known of database clients: the tables of clients.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Thing:
    """A value of a database client: which family's, and in what role.

    `dialect` is sqlglot's name for the SQL it speaks, None where not known. Not `sure`
    where only the way it is used tells.
    """

    family: str
    role: str
    dialect: str | None
    sure: bool = True

    def as_role(self, role: str) -> Thing:
        return replace(self, role=role)


@dataclass(frozen=True, slots=True)
class Function:
    """A function that takes a query: what it gives, and where its client is."""

    gives: str
    client: str | None = None
    dialect: str | None = None
    family: str = "pandas"


@dataclass(frozen=True, slots=True)
class Tables:
    """`made` by qualified name, `methods` by shape and "role.method"."""

    made: Mapping[str, Thing]
    shapes: Mapping[str, str]
    methods: Mapping[str, Mapping[str, str]]
    roots: Mapping[str, str]
    streams: frozenset[str]
    runs: frozenset[str]
    keywords: frozenset[str]
    functions: Mapping[str, Function]
    urls: Mapping[str, str]

    def gives(self, thing: Thing, method: str) -> str | None:
        """The role of what a method or attribute of `thing` gives."""
        shape = self.shapes.get(thing.family, "")
        return self.methods.get(shape, {}).get(f"{thing.role}.{method}")

    def takes_query(self, thing: Thing, method: str) -> bool:
        known = self.gives(thing, method) is not None
        return known and f"{thing.role}.{method}" in self.runs


_ROLES = ("client", "job", "rows", "connection", "cursor", "engine", "maker", "result",
          "hook")  # fmt: skip


@cache
def tables() -> Tables:
    """The tables, read once."""
    text = resources.files(__package__).joinpath("clients.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    families = raw["families"]
    dialects = {
        family: None if row["dialect"] == "?" else row["dialect"]
        for family, row in families.items()
    }
    return Tables(
        made={
            name: Thing(family, role, dialects[family])
            for family, row in families.items()
            for role in _ROLES
            for name in row.get(role, ())
        },
        shapes={family: row["shape"] for family, row in families.items()},
        methods={shape: _several(rows) for shape, rows in raw["shapes"].items()},
        roots={
            root: family for family, row in families.items() for root in row["roots"]
        },
        streams=frozenset(f for f, row in families.items() if row.get("streams")),
        runs=frozenset(raw["runs"]["methods"]),
        keywords=frozenset(raw["runs"]["keywords"]),
        functions={
            **{name: Function(**row) for name, row in raw["functions"].items()},
            **dict(_operators(raw["operators"])),
        },
        urls=raw["urls"],
    )


def _operators(
    raw: Mapping[str, Mapping[str, list[str]]],
) -> Iterator[tuple[str, Function]]:
    for spoken, roles in raw.items():
        dialect = None if spoken == "?" else spoken
        for role, names in roles.items():
            for name in names:
                yield name, Function(role, dialect=dialect, family="airflow")


def _several(rows: Mapping[str, str]) -> dict[str, str]:
    return {
        name.strip(): role
        for names, role in rows.items()
        for name in names.split(",")
    }  # fmt: skip
