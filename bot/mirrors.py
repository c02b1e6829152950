"""The mirrors in the cache: one for each remote, for one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from urllib.parse import urlsplit

from bot.command import SECONDS, Git
from bot.git import Mirror
from bot.hardening import environment
from bot.ports import Trouble

PREFIX = "codemod-bot-"  # of private folders
YOUNG = 60  # seconds within which a folder may not be locked yet


@contextmanager
def private_folder() -> Iterator[str]:
    """A temporary folder that only we can read and that goes when we do.

    Were we killed, the next one who asks for a folder removes it: a lock on it says
    that somebody lives in there, and goes with every kind of death.
    """
    sweep(tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, locked(folder):
        yield folder


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Raises BlockingIOError where another has the lock."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def sweep(above: str) -> None:
    """Remove the private folders of those who were killed."""
    for entry in os.scandir(above):
        with suppress(OSError):  # somebody lives there, or removes it just now
            if entry.name.startswith(PREFIX) and abandoned(entry):
                with locked(entry.path):
                    shutil.rmtree(entry.path, ignore_errors=True)


def abandoned(entry: os.DirEntry[str]) -> bool:
    """Whether it may be: ours, and old enough to have been locked by now."""
    found = entry.stat(follow_symlinks=False)
    old = time.time() - found.st_mtime > YOUNG
    return entry.is_dir(follow_symlinks=False) and found.st_uid == os.geteuid() and old


@contextmanager
def mirror(cache: str, url: str, token: str | None = None) -> Iterator[Mirror]:
    """The mirror of a remote, for one process at a time.

    `token` goes to git by its askpass program and nowhere else. Raises Trouble for a
    URL with credentials in it.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise Trouble("credentials in a URL end up in logs; give a token instead")
    name = sha256(url.encode()).hexdigest()[:24]
    os.makedirs(cache, mode=0o700, exist_ok=True)
    with open(os.path.join(cache, f"{name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with private_folder() as folder:
            yield prepared(os.path.join(cache, f"{name}.git"), url, token, folder)


def prepared(path: str, url: str, token: str | None, folder: str) -> Mirror:
    for place in (path, path.removesuffix(".git") + ".tips.git"):
        if broken(place):
            shutil.rmtree(place, ignore_errors=True)
    env = environment(path, url, token, folder)
    opened = Mirror(path, url, Git(env, folder))
    opened.prepare()
    return opened


def broken(mirror: str) -> bool:
    """Whether git was killed here and left a lock that nobody holds any more."""
    return any(
        name.endswith(".lock")
        and time.time() - os.stat(os.path.join(folder, name)).st_mtime > SECONDS
        for folder, _, names in os.walk(mirror)
        if not folder.startswith(os.path.join(mirror, "objects"))
        for name in names
    )


def forget_older_than(cache: str, moment: int) -> None:
    """Remove mirrors that were last used before `moment`, in seconds since 1970."""
    for entry in list(os.scandir(cache)) if os.path.isdir(cache) else ():
        if entry.name.endswith(".git") and entry.stat().st_mtime < moment:
            shutil.rmtree(entry.path, ignore_errors=True)
            shutil.rmtree(results_beside(entry.path), ignore_errors=True)


def results_beside(mirror: str) -> str:
    """The folder for what was found in the files of a mirror's repository."""
    return f"{mirror.removesuffix('.git')}.results"
