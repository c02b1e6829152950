"""Codemods from elsewhere: named on the command line, or in a folder of the project.

Both are code that is imported, so both are asked of a person's own command line and
config alone; who looks at another's repository (the bot) does not look here.
"""

from __future__ import annotations

import os
import sys
from zlib import crc32

from codemods import config, registry
from codemods.names import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codemods.registry import Entry

KEY = "codemods"  # of the config: folders
PACKAGE = "codemods_of_"


def known(
    named: Sequence[str] = (), paths: Sequence[str] = (), given: str | None = None
) -> tuple[Entry, ...]:
    """Every codemod: catalog, entry points, those `named` and of a config's folders.

    `named` are `MODULE[:ATTRIBUTE]` or `FILE.py[:ATTRIBUTE]`. The config is the `given`
    file or that for `paths`. Raises UsageError where one cannot be had.
    """
    own = [entry for name in named for entry in (named_so(name),)]
    folders = config.folders(paths, given) if paths else ()
    local = [entry for folder in folders for entry in in_folder(folder)]
    return registry.together((*registry.entries(), *own, *local))


def named_so(name: str) -> Entry:
    """The entry for `MODULE[:ATTRIBUTE]` or `FILE.py[:ATTRIBUTE]`."""
    place, _, attribute = name.partition(":")
    if place.endswith(".py"):
        if not os.path.isfile(place):
            raise UsageError(f"--codemod {name}: no such file")
        package = package_of(os.path.dirname(os.path.abspath(place)))
        module = f"{package}.{os.path.basename(place).removesuffix('.py')}"
    else:
        module = place
        if os.getcwd() not in sys.path:
            sys.path.insert(0, os.getcwd())
    try:
        return registry.entry_at(module, attribute or registry.ATTRIBUTE)
    except Exception as error:
        raise UsageError(f"--codemod {name} cannot be loaded: {error}") from error


def in_folder(folder: str) -> Iterator[Entry]:
    """The codemods of a folder: its modules that have a CODEMOD, and no others."""
    if not os.path.isdir(folder):
        raise UsageError(f"{KEY}: there is no folder {os.path.relpath(folder)}")
    package = package_of(os.path.abspath(folder))
    for name in sorted(registry.modules_in(folder)):
        file = os.path.join(folder, f"{name}.py")
        if name.startswith("_") or not holds_codemod(file):
            continue
        try:
            yield registry.entry_at(f"{package}.{name}", registry.ATTRIBUTE)
        except Exception as error:
            where = os.path.relpath(file)
            raise UsageError(f"{where} cannot be loaded: {error}") from error


def holds_codemod(file: str) -> bool:
    try:
        with open(file, "rb") as stream:
            return registry.ATTRIBUTE.encode() in stream.read()
    except OSError:
        return False


def package_of(folder: str) -> str:
    """The name of a package made of a folder's modules, which can then be imported."""
    from importlib.machinery import ModuleSpec
    from importlib.util import module_from_spec

    name = f"{PACKAGE}{crc32(os.fsencode(folder)):08x}"
    if name not in sys.modules:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [folder]
        sys.modules[name] = module_from_spec(spec)
    return name
