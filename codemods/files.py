"""Which files there are, what is in them, and how they are written: all disk access.

Paths are relative to the working directory, with `/`, as they are shown.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from typing import NamedTuple

from codemods import git
from codemods.names import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from subprocess import Popen

Stamp = tuple[int, int]  # size in bytes, time of last change in ns: cheap to compare

LARGEST = 5_000_000  # bytes; larger files are data that happens to be Python
BLOCK = 1 << 20
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
SHEBANG = re.compile(rb"#!.*\bpython[0-9.]*\b")
GENERATED = re.compile(
    rb"^[ \t]*#.*(?:\bgenerated (?:automatically )?(?:by|from)\b|"
    rb"\bdo not (?:edit|modify)\b|@generated\b)",
    re.IGNORECASE | re.MULTILINE,
)
HEADER = 1_000  # bytes at the start of a file where its maker signs


class Refused(Exception):
    """A file that is left as it is; the message says why."""


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
) -> Found:
    """The Python files that `given` files and directories stand for.

    `excluded`, if given, is asked of every path; `started` comes from `listings`.
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
            paths += [prefix + file for file in below(path, notes, listing)]
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
    directory: str, notes: list[str], listing: Popen[bytes] | None = None
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
                return python_names(names)
    return walked(directory, notes)


def python_names(names: Sequence[str]) -> Iterable[str]:
    """Names of Python files, and of those that may be scripts, not in foreign trees."""
    ours = [name for name in names if name.endswith(".py") or may_be_script(name)]
    folders = {name.rpartition("/")[0] for name in ours}
    foreign = {
        folder for folder in folders if not FOREIGN.isdisjoint(folder.split("/"))
    }
    if not foreign:
        return ours
    return [name for name in ours if name.rpartition("/")[0] not in foreign]


def may_be_script(path: str) -> bool:
    """Whether a file has no extension, so that its first line is to decide."""
    name = path[path.rfind("/") + 1 :]
    return "." not in name and name != ""  # git lists nested repositories as `name/`


def walked(directory: str, notes: list[str]) -> Iterator[str]:
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
            inner = below(os.path.join(directory, prefix), notes)
            yield from (prefix + name for name in inner)
            continue
        files = [e.name for e in entries if e.is_file(follow_symlinks=False)]
        yield from (prefix + name for name in python_names(files))
        folders = (e.name for e in entries if e.is_dir(follow_symlinks=False))
        pending.extend(f"{prefix}{name}/" for name in folders if name not in FOREIGN)


def read(path: str, *, follow: bool = False) -> tuple[bytes, Stamp] | None:
    """A file's bytes and stamp; None for what is no regular file.

    Symbolic links are followed only on request. Of a file beyond `LARGEST` no bytes
    are read. Raises OSError.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        if not follow and os.path.islink(path):
            return None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        stamp = (status.st_size, status.st_mtime_ns)
        return (b"" if stamp[0] > LARGEST else read_all(handle, stamp[0])), stamp
    finally:
        os.close(handle)


def read_all(handle: int, size: int) -> bytes:
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    blocks = [data]
    while blocks[-1]:
        blocks.append(os.read(handle, BLOCK))
    return b"".join(blocks)


def holds(path: str, words: Sequence[bytes]) -> bool:
    """Whether a file too large to be read at once holds any of the words."""
    overlap = max(map(len, words)) - 1
    tail = b""
    with open(path, "rb") as stream:
        while block := stream.read(BLOCK):
            window = tail + block
            if any(word in window for word in words):
                return True
            tail = window[-overlap:] if overlap else b""
    return False


def stamped(path: str) -> Stamp | None:
    """The stamp of a regular file, links not followed. Raises OSError."""
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns


def replace(path: str, data: bytes, seen: Stamp) -> None:
    """Write a file as a whole or not at all; mode bits stay.

    Raises Refused where the file is read-only or its stamp is no longer `seen`, and
    OSError. A half-written file is never left, nor a temporary one.
    """
    target = os.path.realpath(path)
    status = os.stat(target)
    if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise Refused("the file is read-only")
    with staged(target, data) as temporary:
        keep_owner_and_mode(temporary, status)
        now = os.stat(target)
        if (now.st_size, now.st_mtime_ns) != seen:
            raise Refused("the file changed since it was read")


@contextmanager
def staged(target: str, data: bytes) -> Iterator[str]:
    """Put bytes beside a file, and in its place if nothing is raised meanwhile."""
    temporary = os.path.join(os.path.dirname(target), f".codemod-{os.getpid()}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
        yield temporary
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def keep_owner_and_mode(path: str, status: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(path, status.st_uid, status.st_gid)
    os.chmod(path, stat.S_IMODE(status.st_mode))
