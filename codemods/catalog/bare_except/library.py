"""The knowledge files: found by library, read when a file first needs them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "knowledge"


@dataclass(frozen=True, slots=True)
class Library:
    """One file: what is known of one package.

    `lines` maps a qualified name to its signatures; `effects` are the names that
    touch the world outside and are not called by the tests. `documented` says that
    the facts were read, not observed, so that a fix resting on them is unsafe.
    """

    name: str
    source: str
    lines: Mapping[str, tuple[str, ...]]
    effects: frozenset[str]
    bases: Mapping[str, str]
    types: Mapping[str, str]
    generic: Mapping[str, tuple[str, ...]]
    exceptions: Mapping[str, str]
    sources: Mapping[str, str]
    documented: bool
    owners: frozenset[str]

    def source_of(self, name: str) -> str:
        """Where the fact about one callable was taken from."""
        owners = (name, *(name[:dot] for dot in _dots(name)))
        own = next((self.sources[one] for one in owners if one in self.sources), None)
        return (own or self.source).replace("{name}", name)


def _dots(name: str) -> list[int]:
    return [index for index in range(len(name) - 1, 0, -1) if name[index] == "."]


@lru_cache(maxsize=64)
def read_library(path: Path) -> Library:
    """One of the files that come along."""
    return library_of(toml(path))


def toml(path: Path) -> dict[str, Any]:
    """A file as a table. Raises OSError, or ValueError for one that is no TOML."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def library_of(data: dict[str, Any]) -> Library:
    """What a knowledge file says. Raises KeyError for one without name or source."""
    pure, effects = dict(_lines(data, "pure")), dict(_lines(data, "effects"))
    return Library(
        name=data["library"],
        source=data["source"],
        lines={**pure, **effects},
        effects=frozenset(effects),
        bases=data.get("bases", {}),
        types=data.get("types", {}),
        generic={name: tuple(of) for name, of in data.get("generic", {}).items()},
        exceptions=data.get("exceptions", {}),
        sources=data.get("sources", {}),
        documented=data.get("documented", False),
        owners=frozenset(
            [name.rpartition(".")[0] for name in (*pure, *effects)]
            + [*data.get("bases", {}), *data.get("generic", {})]
        ),
    )


def _lines(data: dict[str, Any], section: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for owner, entries in data.get(section, {}).items():
        prefix = "" if owner == "builtins" else f"{owner}."
        for name, lines in entries.items():
            several = (lines,) if isinstance(lines, str) else tuple(lines)
            yield f"{prefix}{name}", several
