"""The mirrors in the cache: one for each remote, for one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import urlsplit

from bot.command import Git
from bot.git import Mirror
from bot.hardening import environment
from bot.ports import Trouble


@contextmanager
def private_folder() -> Iterator[str]:
    """A temporary folder that only we can read and that goes when we do."""
    with tempfile.TemporaryDirectory(prefix="codemod-bot-") as folder:
        yield folder


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
    env = environment(path, url, token, folder)
    opened = Mirror(path, url, Git(env, folder))
    opened.prepare()
    return opened


def forget_older_than(cache: str, time: int) -> None:
    """Remove mirrors that were last used before `time`, in seconds since 1970."""
    for entry in list(os.scandir(cache)) if os.path.isdir(cache) else ():
        if entry.name.endswith(".git") and entry.stat().st_mtime < time:
            shutil.rmtree(entry.path, ignore_errors=True)
