"""The repositories that a command line names, ready to be worked on."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from bot.access import REMOTE_TOKEN, access
from bot.arguments import only, pull_named
from bot.folder import Folder
from bot.git import Mirror
from bot.github import GitHub, connected
from bot.mirrors import mirror, results_beside
from bot.ports import Forge
from bot.run import Repository


class System:
    """The clock of this machine."""

    def now(self) -> int:
        return int(time.time())


@contextmanager
def repository(given: Namespace) -> Iterator[Repository]:
    """The one of `--repository` or `--remote`. Raises Trouble."""
    if given.repository:
        token = access(given.github_url).token(given.repository)
        with on_github(given.repository, token, given) as here:
            yield here
        return
    remote = given.remote if "://" in given.remote else os.path.abspath(given.remote)
    with mirror(cache_in(given), remote, os.environ.get(REMOTE_TOKEN)) as checkout:
        heads = checkout.heads()
        folder = Folder(given.bodies, heads.default, heads.tips)
        yield at_work(checkout, folder, given)


@contextmanager
def on_github(name: str, token: str, given: Namespace) -> Iterator[Repository]:
    """OWNER/NAME, over GitHub's API and with a mirror of it. Raises Trouble."""
    forge = connected(name, token, given.github_url)
    with mirror(cache_in(given), forge.clone_url, token) as checkout:
        yield at_work(checkout, forge, given)


def at_work(checkout: Mirror, forge: Forge, given: Namespace) -> Repository:
    return Repository(
        checkout,
        forge,
        System(),
        only(given),
        given.even_if_idle,
        results=results_beside(checkout.path),
    )


def cache_in(given: Namespace) -> str:
    """The folder of mirrors and memories, as an absolute path."""
    path: str = given.cache
    return os.path.abspath(os.path.expanduser(path))


@contextmanager
def reached(given: Namespace) -> Iterator[tuple[Mirror, GitHub, int]]:
    """The repository and number of the pull request that was given."""
    name, number = pull_named(given.pull)
    token = access(given.github_url).token(name)
    forge = connected(name, token, given.github_url)
    with mirror(cache_in(given), forge.clone_url, token) as checkout:
        yield checkout, forge, number
