"""What is in files, and how they are written: all disk access.

Paths are relative to the working directory, with `/`, as they are shown.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Stamp = tuple[int, int]  # size in bytes, time of last change in ns: cheap to compare

LARGEST = 5_000_000  # bytes; larger files are data that happens to be Python
BLOCK = 1 << 20
SHEBANG = re.compile(rb"#!.*\bpython[0-9.]*\b")
# A comment that begins with what generators sign with: prose may hold the same words.
GENERATED = re.compile(
    rb"^[ \t]*#[ \t#*=!-]*(?:@generated\b|do not (?:edit|modify)\b|"
    rb"(?:(?:this|the) (?:file|module|code|source) (?:is |was |has been )?|"
    rb"this is an? |code |file )?(?:auto(?:matically)?[ -]?)?generated"
    rb"(?=[ \t]*(?:[.,;:!\r\n-]|$)|"
    rb" (?:automatically|by|from|with|using|on|at|file|code|module|do not)\b))",
    re.IGNORECASE | re.MULTILINE,
)
HEADER = 1_000  # bytes at the start of a file where its maker signs


class Refused(Exception):
    """A file that is left as it is; the message says why."""


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


def is_writable(path: str) -> bool:
    """Whether a file can be made or replaced at a path."""
    if os.path.lexists(path):
        return os.path.isfile(path) and os.access(path, os.W_OK)
    return os.access(os.path.dirname(os.path.abspath(path)), os.W_OK)


def write_text(path: str, text: str) -> None:
    """Write a report as UTF-8; what is no text (parts of file names) is escaped.

    Raises OSError.
    """
    data = text.encode("utf-8", "backslashreplace")
    with open(path, "wb") as stream:
        stream.write(data)
