"""What git knows of a directory. Every call of git is here."""

from __future__ import annotations

import os
import re
from functools import cache

from codemods.names import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

# A repository's own config may name a program to run as its file system monitor.
COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")
ESCAPES = dict(zip(b'\a\b\t\n\v\f\r"\\', 'abtnvfr"\\', strict=True))
MARKS = {mark: byte for byte, mark in ESCAPES.items()}
ESCAPED = re.compile(rb"\\([0-7]{3}|.)")


@cache
def root_of(directory: str) -> str | None:
    """The repository that an absolute directory lies in: its root, or None."""
    if os.path.lexists(os.path.join(directory, ".git")):
        return directory
    parent = os.path.dirname(directory)
    return None if parent == directory else root_of(parent)


def git(directory: str, *arguments: str) -> bytes:
    """What git prints. Raises UsageError with git's own words where it fails."""
    import subprocess

    try:
        done = subprocess.run(
            [*COMMAND, "-C", directory, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UsageError(f"git cannot be run: {error}") from error
    if done.returncode:
        raise UsageError(first_line(done.stderr) or f"git {arguments[0]} failed")
    return done.stdout


def list_files(directory: str) -> Popen[bytes]:
    """Start to list the files under `directory`, tracked or not ignored.

    git works meanwhile; `listed` waits for it.
    """
    from subprocess import DEVNULL, PIPE, Popen

    arguments = ("ls-files", "-co", "--exclude-standard", "-z")
    command = [*COMMAND, "-C", directory, *arguments]
    try:
        return Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    except OSError as error:
        raise UsageError(f"git cannot be run: {error}") from error


def listed(process: Popen[bytes]) -> list[str]:
    """The files that git lists, relative to its directory.

    Deleted files may be among them, and submodules and nested repositories as
    directories. Raises UsageError where git cannot tell.
    """
    blob, errors = process.communicate()
    if process.returncode:
        raise UsageError(first_line(errors) or "git ls-files failed")
    return os.fsdecode(blob).split("\0")[:-1]


def first_line(text: bytes) -> str:
    return text.decode("utf-8", "replace").strip().partition("\n")[0]


def quoted(path: str) -> str:
    """A path as git writes it in a diff: in C's quotes where it is unusual."""
    data = os.fsencode(path)
    if all(32 <= byte < 127 and byte not in (34, 92) for byte in data):
        return path
    return '"' + "".join(map(escaped, data)) + '"'


def escaped(byte: int) -> str:
    if byte in ESCAPES:
        return "\\" + ESCAPES[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def unquoted(path: bytes) -> str:
    """The path behind `quoted`."""
    if path.startswith(b'"'):
        path = ESCAPED.sub(unescaped, path[1:-1])
    return os.fsdecode(path)


def unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1].decode()
    return bytes([int(code, 8) if len(code) == 3 else MARKS[code]])
