"""The knowledge files together: those that come along, and a user's own."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from codemods.catalog.bare_except.library import FOLDER, Library, read_library
from codemods.catalog.bare_except.signatures import Signature, parse_signature


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
