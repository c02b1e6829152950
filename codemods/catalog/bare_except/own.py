"""A knowledge file of somebody's own: read with care, for a person wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from codemods.catalog.bare_except.library import Library, library_of, toml
from codemods.catalog.bare_except.signatures import parse_signature
from codemods.names import UsageError

TABLES = ("pure", "effects")
OTHERS = ("bases", "types", "generic", "exceptions", "sources")
TEXTS = ("library", "source")
KEYS = (*TEXTS, *TABLES, *OTHERS, "documented")


@lru_cache(maxsize=64)
def own_library(path: Path) -> Library:
    """One file. Raises UsageError, naming it and the key, where it does not read."""
    try:
        data = toml(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from error
    _check(path, data)
    return library_of(data)


def _check(path: Path, data: Mapping[str, Any]) -> None:
    for key in TEXTS:
        if not isinstance(data.get(key), str):
            raise UsageError(f"{path}: {key} must be there, and a string")
    for key, value in data.items():
        if key not in KEYS:
            raise UsageError(f"{path}: there is no key {key!r}")
        if key in (*TABLES, *OTHERS) and not isinstance(value, dict):
            raise UsageError(f"{path}: {key} must be a table")
    for table in TABLES:
        for owner, entries in data.get(table, {}).items():
            where = f"[{table}.{owner}]"
            if not isinstance(entries, dict):
                raise UsageError(f"{path}: {where} must be a table")
            for name, lines in entries.items():
                _check_lines(f"{path}: {where} {name}", lines)


def _check_lines(where: str, lines: object) -> None:
    several = [lines] if isinstance(lines, str) else lines
    if not isinstance(several, list) or not several:
        raise UsageError(f"{where} must be a signature, or a list of some")
    for line in several:
        try:
            parse_signature(line)
        except (ValueError, TypeError) as error:
            raise UsageError(f"{where}: {error}") from error
