"""What a result depends on besides the file it is of."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codemods.config import Config
    from codemods.registry import Entry

OURS = "codemods"
# Those whose releases judge and write otherwise.
BELOW = ("libcst", "black", "sqlglot")


def identity(config: Config, entries: Sequence[Entry]) -> bytes:
    """Tool, interpreter, codemods, config and working directory, as bytes to compare.

    Nothing is imported for it: code is known by its files' sizes and times.
    """
    place = os.path.relpath(os.getcwd(), config.root)
    return tools(place, entries) + config.text


def tools(place: str, entries: Sequence[Entry]) -> bytes:
    """What is looked at with, and from which place in the tree."""
    modules = [OURS, *(entry.module for entry in entries)]
    packages = dict.fromkeys(module.partition(".")[0] for module in modules)
    code = [stamps(name) for name in packages]
    releases = [release(name) for name in BELOW]
    names = [entry.name for entry in entries]
    parts = (sys.version, place, names, releases, code)
    return repr(parts).encode("utf-8", "surrogateescape")


def stamps(package: str) -> list[tuple[str, int, int]]:
    """Name, size in bytes and time of change in ns of a package's files."""
    spec = find_spec(package)
    origin = spec.origin if spec else None
    if origin is None:  # a folder of modules that is no package
        places = (spec.submodule_search_locations if spec else None) or ()
        return sorted(each for place in places for each in stamped(place))
    folder = os.path.dirname(origin)
    if not os.path.isdir(folder):  # a zip archive
        folder = os.path.dirname(folder)
    return sorted(stamped(folder))


def stamped(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from stamped(entry.path)
            else:
                status = entry.stat()
                yield entry.name, status.st_size, status.st_mtime_ns


def release(package: str) -> list[str]:
    """The names of a package's metadata directories, which hold its version."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    site = os.path.dirname(os.path.dirname(spec.origin))
    return sorted(
        name
        for name in os.listdir(site)
        if name.startswith(f"{package}-") and name.endswith("-info")
    )
