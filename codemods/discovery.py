"""Which files there are: as git lists them, or as a walk finds them.

Paths are relative to the working directory, with `/`, as they are shown.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from codemods import git
from codemods.names import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from subprocess import Popen

# Trees that are made or vendored by tools, wherever they are.
FOREIGN = frozenset(
    (
        *(".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".nox"),
        *(".mypy_cache", ".pants.d", ".pyenv", ".pytest_cache", ".ruff_cache", ".svn"),
        *(".tox", ".venv", "__pycache__", "__pypackages__", "_build", "_vendor"),
        *("_vendored", "buck-out", "build", "dist", "dist-packages", "node_modules"),
        *("site-packages", "third_party", "venv"),
    )
)


SUFFIXES = (".py", ".ipynb")
# Files that are no Python, of which a codemod may have something to say.
TEXTS = (".sql",)


class Found(NamedTuple):
    """Files to look at, in order.

    `named` were given one by one, so that the rules for trees do not hold for them;
    `missing` are paths that are not there, `notes` what a person should know.
    """

    paths: Sequence[str]
    named: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def listings(given: Sequence[str]) -> Mapping[str, Popen[bytes]]:
    """git, at work on those of the given directories that lie in repositories.

    Started as early as can be: it takes as long as the rest of most runs.
    """
    folders = [path for path in map(shown, given) if os.path.isdir(path)]
    started: dict[str, Popen[bytes]] = {}
    for folder in folders:
        if git.root_of(os.path.abspath(folder)):
            with suppress(UsageError):
                started[folder] = git.list_files(folder)
    return started


def discover(
    given: Sequence[str],
    excluded: Callable[[str], bool] | None = None,
    started: Mapping[str, Popen[bytes]] | None = None,
    suffixes: tuple[str, ...] = SUFFIXES,
) -> Found:
    """The Python files that `given` files and directories stand for.

    `excluded`, if given, is asked of every path; `started` comes from `listings`;
    `suffixes` are those of the files that are wanted.
    """
    paths: list[str] = []
    named: list[str] = []
    missing: list[str] = []
    notes: list[str] = []
    for name in given:
        path = shown(name)
        if os.path.isdir(path):
            listing = (started or {}).get(path)
            prefix = "" if path == "." else path.rstrip("/") + "/"
            inside = below(path, notes, listing, suffixes)
            paths += [prefix + file for file in inside]
        elif os.path.lexists(path):
            named.append(path)
        else:
            missing.append(name)
    found = sorted(dict.fromkeys([*paths, *named]))
    if excluded is not None:
        found = [path for path in found if not excluded(path)]
    return Found(found, frozenset(named), tuple(missing), tuple(notes))


def shown(path: str) -> str:
    """A path relative to the working directory, with `/`."""
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:  # another drive
        return os.path.abspath(path).replace(os.sep, "/")


def below(
    directory: str,
    notes: list[str],
    listing: Popen[bytes] | None = None,
    suffixes: tuple[str, ...] = SUFFIXES,
) -> Iterable[str]:
    """Python files under a directory, relative to it: as git lists them, or a walk."""
    root = git.root_of(os.path.abspath(directory))
    if root is not None:
        try:
            names = git.listed(listing or git.list_files(directory))
        except UsageError as error:
            notes.append(f"{directory}: walked, because git cannot list it: {error}")
        else:
            # A directory that git ignores lists nothing, but it was asked for.
            if names or os.path.samefile(root, directory):
                return wanted_names(names, suffixes)
    return walked(directory, notes, suffixes)


def wanted_names(names: Sequence[str], suffixes: tuple[str, ...]) -> Iterable[str]:
    """Names of wanted files, and of those that may be scripts, not in foreign trees."""
    ours = [name for name in names if name.endswith(suffixes) or may_be_script(name)]
    folders = {name.rpartition("/")[0] for name in ours}
    foreign = {
        folder for folder in folders if not FOREIGN.isdisjoint(folder.split("/"))
    }
    if not foreign:
        return ours
    return [name for name in ours if name.rpartition("/")[0] not in foreign]


def suffix_of(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def may_be_script(path: str) -> bool:
    """Whether a file has no extension, so that its first line is to decide."""
    name = path[path.rfind("/") + 1 :]
    return "." not in name and name != ""  # git lists nested repositories as `name/`


def walked(
    directory: str, notes: list[str], suffixes: tuple[str, ...]
) -> Iterator[str]:
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(os.path.join(directory, prefix)) as items:
                entries = list(items)
        except OSError as error:
            notes.append(f"{directory}/{prefix}: cannot be listed: {error.strerror}")
            continue
        names = {entry.name for entry in entries}
        if prefix and "pyvenv.cfg" in names:
            continue
        if prefix and ".git" in names:
            inner = below(os.path.join(directory, prefix), notes, None, suffixes)
            yield from (prefix + name for name in inner)
            continue
        files = [e.name for e in entries if e.is_file(follow_symlinks=False)]
        yield from (prefix + name for name in wanted_names(files, suffixes))
        folders = (e.name for e in entries if e.is_dir(follow_symlinks=False))
        pending.extend(f"{prefix}{name}/" for name in folders if name not in FOREIGN)
