"""`codemod test DIR`: does a folder of fixtures keep its promises?"""

from __future__ import annotations

import subprocess
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

from codemods.model import Codemod
from codemods.names import UsageError, did_you_mean
from codemods.plugins import known
from codemods.registry import Entry
from codemods.testing.cases import Case, read
from codemods.testing.checks import problems

PASSED, FAILED = 0, 1


def run(given: Namespace) -> int:
    """Check every fixture below the given folders; the exit code.

    A folder of fixtures is called as its codemod is. Raises UsageError for a folder
    that has none, or that no codemod has the name of.
    """
    entries = {entry.name: entry for entry in known(given.plugged, given.folders)}
    loaded: dict[str, Codemod] = {}
    checked = broken = 0
    for path in fixtures(given.folders):
        codemod = codemod_for(path, entries, loaded)
        checked += 1
        found = wrong_with(path, codemod)
        broken += bool(found)
        for each in found:
            print(f"{path}: {each}")
    print(f"{checked - broken} passed, {broken} failed")
    return FAILED if broken else PASSED


def fixtures(folders: list[str]) -> Iterator[Path]:
    for name in folders:
        folder = Path(name)
        if not folder.is_dir():
            raise UsageError(f"{name}: there is no such folder")
        found = sorted({*folder.glob("*.py"), *folder.glob("*/*.py")})
        if not found:
            raise UsageError(f"{name}: has no fixtures; wanted are CODEMOD/CASE.py")
        yield from found


def codemod_for(
    path: Path, entries: Mapping[str, Entry], loaded: dict[str, Codemod]
) -> Codemod:
    name = path.resolve().parent.name
    if name not in entries:
        near = did_you_mean(name, entries)
        raise UsageError(
            f"{path}: its folder is called {name!r}, and no codemod is{near}; "
            "give yours by --codemod MODULE"
        )
    if name not in loaded:
        loaded[name] = entries[name].load()
    return loaded[name]


def wrong_with(path: Path, codemod: Codemod) -> list[str]:
    try:
        case: Case = read(path)
    except (ValueError, OSError) as error:
        return [str(error).removeprefix(f"{path}: ")]
    try:
        return problems(case, codemod)
    except subprocess.TimeoutExpired as error:
        return [f"it runs for more than {error.timeout:.0f} seconds"]
