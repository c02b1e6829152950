"""Options that name files: found from the folder of the config, and readable."""

from __future__ import annotations

import os

from codemods.names import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from codemods.registry import Entry


def located(
    place: str, table: dict[str, Any], entries: Sequence[Entry], folder: str
) -> dict[str, Any]:
    """A config's table with the paths in it absolute, `folder` being where they start.

    `table` is as `check_table` wants it. Raises UsageError, naming `place` and the key,
    for a file that cannot be read.
    """
    found = dict(table)
    for entry in entries:
        own = table.get(entry.name)
        if own is None or not entry.reads:
            continue
        found[entry.name] = {
            key: [_readable(place, entry, key, name, folder) for name in value]
            if key in entry.reads
            else value
            for key, value in own.items()
        }
    if "overrides" in table:
        found["overrides"] = [
            located(place, each, entries, folder) for each in table["overrides"]
        ]
    return found


def _readable(place: str, entry: Entry, key: str, name: str, folder: str) -> str:
    path = os.path.join(folder, name)
    try:
        with open(path, "rb"):
            return path
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"{place}: [tool.codemod.{entry.name}] {key}: {name}: {reason}"
        ) from error


def contents(table: dict[str, Any], entries: Sequence[Entry]) -> Iterator[bytes]:
    """What stands in the files that a located table names: the config goes on there."""
    for entry in entries:
        for key in entry.reads:
            for path in table.get(entry.name, {}).get(key, ()):
                with open(path, "rb") as stream:
                    yield stream.read()
    for each in table.get("overrides", ()):
        yield from contents(each, entries)
