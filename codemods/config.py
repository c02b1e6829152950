"""`[tool.codemod]`: what a project asks of its codemods.

The config of a run is that of the nearest `pyproject.toml` which has the table, looked
for from the common directory of the given paths up to the root of the repository.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from codemods import git
from codemods.discovery import SUFFIXES, TEXTS
from codemods.globs import matching
from codemods.located import contents, located
from codemods.names import UsageError
from codemods.schema import check_selected, check_table, schema_of, with_setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from typing import Any

    from codemods.model import OptionValue
    from codemods.registry import Entry

    Options = Mapping[str, Mapping[str, OptionValue]]
    Table = Mapping[str, Any]

FILE = "pyproject.toml"
NO_OPTIONS: Options = {}
TABLE = "tool.codemod"


class Override(NamedTuple):
    """What holds instead for the paths that a pattern covers; None: as elsewhere."""

    paths: re.Pattern[str]
    select: tuple[str, ...] | None
    unsafe: bool | None
    options: Options


class Effective(NamedTuple):
    """What holds for one path. `select` None: whatever was asked for."""

    select: tuple[str, ...] | None
    unsafe: bool
    options: Options


class Config(NamedTuple):
    """A project's config. `root` is the absolute directory that patterns start at.

    `text` is what it was read from: what was made under another text is stale.
    """

    root: str
    text: bytes = b""
    select: tuple[str, ...] | None = None
    exclude: re.Pattern[str] | None = None
    unsafe: bool = False
    options: Options = NO_OPTIONS
    overrides: tuple[Override, ...] = ()
    suffixes: tuple[str, ...] = SUFFIXES

    def excludes(self, path: str) -> bool:
        """Whether a path as it is shown is left out."""
        if self.exclude is None:
            return False
        return self.exclude.fullmatch(self.inside(path)) is not None

    def ever_set(self, name: str) -> tuple[str, ...]:
        """The options of a codemod that are set, be it for some paths only."""
        tables = (self.options, *(override.options for override in self.overrides))
        return tuple(
            key
            for table in tables
            for key, value in table.get(name, {}).items()
            if value
        )

    def of(self, path: str) -> Effective:
        """What holds for a path as it is shown; later overrides win."""
        effective = Effective(None, self.unsafe, self.options)
        inside = self.inside(path) if self.overrides else ""
        for override in self.overrides:
            if override.paths.fullmatch(inside):
                effective = overridden(effective, override)
        return effective

    def inside(self, path: str) -> str:
        """The path relative to the root, with `/`."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")


def overridden(effective: Effective, override: Override) -> Effective:
    below, above = effective.options, override.options
    return Effective(
        effective.select if override.select is None else override.select,
        effective.unsafe if override.unsafe is None else override.unsafe,
        {
            name: {**below.get(name, {}), **above.get(name, {})}
            for name in {**below, **above}
        },
    )


def load(
    paths: Sequence[str],
    entries: Sequence[Entry],
    given: str | None = None,
    settings: Sequence[str] = (),
) -> Config:
    """The config for a run over `paths`: the `given` file's or the nearest.

    `settings` are `KEY=VALUE`s that take the place of the file's values. Raises
    UsageError, naming file and key, for anything that is not as it should be.
    """
    directory = common_directory(paths)
    file, table = (given, table_given(given)) if given else nearest(directory)
    root = git.root_of(directory) or directory
    if file is not None:
        root = os.path.dirname(os.path.abspath(file))
    place = os.path.relpath(file) if file else "--set"
    check_table(place, TABLE, table, entries)
    table = located(place, dict(table), entries, root)
    for setting in settings:
        table = with_setting(table, setting, schema_of(entries))
    table = located("--set", table, entries, os.getcwd())
    check_selected("--set", table, schema_of(entries))
    return Config(
        root=root,
        text=b"".join(
            (repr(table).encode("utf-8", "surrogateescape"), *contents(table, entries))
        ),
        select=selected(table),
        exclude=matching(table["exclude"]) if table.get("exclude") else None,
        unsafe=table.get("unsafe-fixes", False),
        options=options_in(table),
        overrides=tuple(map(override, table.get("overrides", ()))),
        suffixes=(*SUFFIXES, *TEXTS) if table.get("include-sql") else SUFFIXES,
    )


def folders(paths: Sequence[str], given: str | None = None) -> tuple[str, ...]:
    """The folders with codemods of its own that a config names, absolute.

    Raises UsageError where the file cannot be read.
    """
    file, table = (
        (given, table_given(given)) if given else nearest(common_directory(paths))
    )
    names = table.get("codemods", ()) if isinstance(table, dict) else ()
    if file is None or not isinstance(names, list):
        return ()
    root = os.path.dirname(os.path.abspath(file))
    return tuple(os.path.join(root, name) for name in names if isinstance(name, str))


def common_directory(paths: Sequence[str]) -> str:
    folders = [
        path if os.path.isdir(path) else os.path.dirname(path)
        for path in map(os.path.abspath, paths)
    ]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # no paths, or on different drives
        return os.getcwd()


def nearest(directory: str) -> tuple[str | None, Table]:
    """The nearest file with a table of ours, and the table."""
    top = git.root_of(directory)
    while True:
        file = os.path.join(directory, FILE)
        if os.path.isfile(file):
            table = table_in(file)
            if table is not None:
                return file, table
        above = os.path.dirname(directory)
        if directory in (top, above):
            return None, {}
        directory = above


def table_in(file: str) -> Table | None:
    text = read(file)
    if b"codemod" not in text:  # a broken file that is not about us is not our matter
        return None
    tool = toml(file, text).get("tool")
    return tool.get("codemod") if isinstance(tool, dict) else None


def table_given(file: str) -> Table:
    """The table of ours, or all of a file that is for us alone."""
    document = toml(file, read(file))
    tool = document.get("tool")
    if isinstance(tool, dict) and "codemod" in tool:
        return tool["codemod"]  # type: ignore[no-any-return]  # checked by the caller
    if os.path.basename(file) == FILE:
        raise UsageError(f"{file}: has no [{TABLE}] table")
    return document


def read(file: str) -> bytes:
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def toml(file: str, text: bytes) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not TOML: {error}") from error


def override(table: Table) -> Override:
    return Override(
        paths=matching(table["paths"]),
        select=selected(table),
        unsafe=table.get("unsafe-fixes"),
        options=options_in(table),
    )


def selected(table: Table) -> tuple[str, ...] | None:
    names = table.get("select", ("all",))
    return None if "all" in names else tuple(names)


def options_in(table: Table) -> Options:
    return {
        name: {key: frozen(value) for key, value in options.items()}
        for name, options in table.items()
        if isinstance(options, dict)
    }


def frozen(value: Any) -> OptionValue:
    return tuple(value) if isinstance(value, list) else value
