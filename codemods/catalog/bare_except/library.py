"""The knowledge files: found by library, read when a file first needs them."""

from __future__ import annotations

import builtins
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from codemods.catalog.bare_except.signatures import Signature, parse_signature

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


@dataclass(frozen=True)
class Knowledge:
    """All files at hand: those that come along, and a user's own before them."""

    extra: tuple[Library, ...] = ()

    def library(self, name: str) -> Library | None:
        """The file about the package that a qualified name begins with."""
        head = name.partition(".")[0]
        for own in self.extra:
            if own.name == head:
                return own
        if head in _shipped() and head != "builtins":
            return read_library(FOLDER / f"{head}.toml")
        return None

    def _searched(self, name: str) -> Iterator[Library]:
        library = self.library(name)
        if library is not None:
            yield library
        yield read_library(FOLDER / "builtins.toml")

    def home(self, name: str) -> Library | None:
        """The file that holds an entry of this name."""
        return next((one for one in self._searched(name) if name in one.lines), None)

    def entry(self, name: str) -> tuple[Signature, ...]:
        """The signatures under a qualified name, none where it is not known."""
        home = self.home(name)
        return tuple(map(parse_signature, home.lines[name])) if home else ()

    def base(self, name: str) -> str | None:
        return self._first("bases", name)

    def synonym(self, name: str) -> str | None:
        """What a name for a union (`PathLike`, `Json`) stands for."""
        return self._first("types", name)

    def generic(self, name: str) -> tuple[str, ...]:
        found = (
            one.generic[name] for one in self._searched(name) if name in one.generic
        )
        return next(found, ())

    def _first(self, table: str, name: str) -> str | None:
        tables: Iterator[Mapping[str, str]]
        tables = (getattr(one, table) for one in self._searched(name))
        return next((one[name] for one in tables if name in one), None)

    def is_type(self, name: str) -> bool:
        """Whether a type is one of which the table says what its methods do."""
        return name == "None" or any(name in one.owners for one in self._searched(name))

    def exception_bases(self, name: str) -> tuple[str, ...]:
        """The direct bases of an exception, builtin ones last; none if not known."""
        builtin = getattr(builtins, name, None)
        if isinstance(builtin, type):
            return tuple(base.__name__ for base in builtin.__bases__)
        named = self._first("exceptions", name) or ""
        return tuple(base.strip() for base in named.split(",") if base.strip())

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether an exception is (a subclass of) another."""
        if name == ancestor:
            return True
        return any(self.is_a(base, ancestor) for base in self.exception_bases(name))


@lru_cache(maxsize=1)
def _shipped() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))
