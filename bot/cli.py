"""`codemod-bot`: parse, call, print.

Exit codes: 0 done; 2 a wrong command line or config; 3 a repository could not be
worked on. Of `verify`: 0 identical, 1 different, 2 it cannot be told.
"""

from __future__ import annotations

import os
import re
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot import render, settings
from bot.access import REMOTE_TOKEN, token_for
from bot.folder import Folder
from bot.github import API, GitHub, connected
from bot.hardening import disinherit
from bot.mirrors import forget_older_than, mirror
from bot.model import (
    Action,
    Announce,
    Close,
    Comment,
    Drop,
    Leave,
    Open,
    Settle,
    Tell,
    Update,
)
from bot.ports import Checkout, Trouble
from bot.reproduce import reproduce
from bot.revert import revert
from bot.run import Repository
from bot.survey import UsageError, categories
from bot.verify import Different, Identical, Unknown, verify
from codemods import __version__

DONE, USAGE, FAILED = 0, 2, 3
DIFFERENT, UNKNOWN = 1, 2  # of verify
PULL = re.compile(
    r"(?:https?://[^/\s]+/)?([\w.-]+/[\w.-]+)(?:#|/pull/)([1-9]\d{0,9})/?"
)
KEPT = 30 * 86_400  # seconds that an unused mirror is kept

API_HELP = "GitHub's API (%(default)s)"
CACHE_HELP = "for mirrors (%(default)s)"


class System:
    """The clock of this machine."""

    def now(self) -> int:
        return int(time.time())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    given = parser().parse_args(arguments)
    disinherit(os.environ)
    try:
        code: int = given.command(given)
    except settings.SettingsError as error:
        print(f"codemod-bot: {error}", file=sys.stderr)
        return USAGE
    except Trouble as error:
        print(f"codemod-bot: {error}", file=sys.stderr)
        return FAILED
    return code


def run(given: Namespace) -> int:
    check_run(given)
    with repository(given) as here:
        if given.dry_run:
            for action in here.actions():
                print("\n".join(told(action)))
            return DONE
        for line in here.run():
            print(line, flush=True)
    return DONE


@contextmanager
def repository(given: Namespace) -> Iterator[Repository]:
    cache, clock = cache_in(given), System()
    forget_older_than(cache, clock.now() - KEPT)
    if given.repository:
        token = token_for(given.repository, given.github_url)
        forge = connected(given.repository, token, given.github_url)
        with mirror(cache, forge.clone_url, token) as checkout:
            yield Repository(checkout, forge, clock, only(given), given.even_if_idle)
        return
    remote = given.remote if "://" in given.remote else os.path.abspath(given.remote)
    with mirror(cache, remote, os.environ.get(REMOTE_TOKEN)) as checkout:
        heads = checkout.heads()
        folder = Folder(given.bodies, heads.default, heads.tips)
        yield Repository(checkout, folder, clock, only(given), given.even_if_idle)


def cache_in(given: Namespace) -> str:
    path: str = given.cache
    return os.path.abspath(os.path.expanduser(path))


@contextmanager
def reached(given: Namespace) -> Iterator[tuple[Checkout, GitHub, int]]:
    """The repository and number of the pull request that was given."""
    name, number = pull_named(given.pull)
    token = token_for(name, given.github_url)
    forge = connected(name, token, given.github_url)
    with mirror(cache_in(given), forge.clone_url, token) as checkout:
        yield checkout, forge, number


def pull_named(text: str) -> tuple[str, int]:
    found = PULL.fullmatch(text.strip())
    if found is None:
        raise settings.SettingsError(f"write OWNER/REPO#N or its URL, not {text!r}")
    return found[1], int(found[2])


def verified(given: Namespace) -> int:
    with reached(given) as (checkout, forge, number):
        pull = forge.pull(number)
        match verify(checkout, pull):
            case Identical(base, files):
                print(f"identical: {files} files, derived from {base}")
                return DONE
            case Different(why, paths):
                print("\n".join([f"different: {why}", *map(repr, paths)]))
                return DIFFERENT
            case Unknown(why):
                print(f"unknown: {why}")
                return UNKNOWN


def reverted(given: Namespace) -> int:
    with reached(given) as (checkout, forge, number):
        print(revert(checkout, forge, number))
    return DONE


def check_run(given: Namespace) -> None:
    """Raise SettingsError for arguments that do not go together."""
    if bool(given.repository) == bool(given.remote):
        raise settings.SettingsError("give OWNER/REPO, or --remote with --no-pull")
    if bool(given.remote) != given.no_pull:
        raise settings.SettingsError("--remote and --no-pull go together")
    if given.repository and given.repository.count("/") != 1:
        raise settings.SettingsError(f"write OWNER/REPO, not {given.repository!r}")


def only(given: Namespace) -> tuple[str, ...]:
    names = tuple(name.strip() for name in given.only.split(",") if name.strip())
    known = {category.name for category in categories()}
    for name in names:
        if name not in known:
            raise settings.SettingsError(f"--only: no codemod is called {name!r}")
    return names


def told(action: Action) -> Iterator[str]:
    """A step of the plan, for people."""
    match action:
        case Leave(branch, reason):
            yield f"leave {branch}: {reason}"
        case Open(proposal):
            yield f"open {proposal.branch}: {render.title(proposal)}\n"
            yield render.body(proposal)
        case Update(pull, proposal, why=why):
            yield f"update {pull.branch}: {why}: {render.title(proposal)}\n"
            yield render.body(proposal)
        case Close(pull, why=why):
            yield f"close {pull.branch}: {why}"
        case Drop(branch):
            yield f"delete {branch}: nothing is left of it"
        case Announce(pull):
            yield f"ready {pull.branch}: its checks succeed"
        case Tell(mistake, known=known):
            yield f"nothing: {mistake} ({known or 'an issue is to tell of it'})"
        case Settle(notice):
            yield f"close issue {notice.number}: the configuration is mended"
        case Comment(pull):
            yield f"leave {pull.branch}: a person pushed here; the branch is theirs"


def reproduced(given: Namespace) -> int:
    try:
        paths = reproduce(given.folder, given.codemod, given.keys)
    except UsageError as error:
        raise settings.SettingsError(str(error)) from error
    print("\n".join(paths))
    return DONE


def check_config(given: Namespace) -> int:
    names = tuple(category.name for category in categories())
    asked = settings.load(given.path, names)
    chosen = [name for name in names if asked.selects(name)]
    print(f"{given.path}: in order; selects {', '.join(chosen) or 'nothing'}")
    return DONE


def parser() -> ArgumentParser:
    top = ArgumentParser(prog="codemod-bot", description=__doc__.partition("\n")[0])
    version = f"codemod-bot {__version__}"
    top.add_argument("--version", action="version", version=version)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    runs = commands.add_parser("run", help="work on one repository now")
    runs.set_defaults(command=run)
    add = runs.add_argument
    add("repository", nargs="?", metavar="OWNER/REPO", help="on GitHub")
    add("--github-url", default=API, metavar="URL", help=API_HELP)
    add("--remote", metavar="PATH_OR_URL", help="a git remote instead")
    add("--no-pull", action="store_true", help="push branches, no more")
    add("--only", default="", metavar="NAMES", help="of these codemods (a,b)")
    add("--even-if-idle", action="store_true", help="though a year has no commits")
    add("--dry-run", action="store_true", help="print the plan and the bodies, no more")
    add("--bodies", default="pulls", metavar="DIR", help="for the bodies (pulls)")
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache") + "/codemod-bot"
    add("--cache", default=cache, metavar="DIR", help=CACHE_HELP)
    for name, command, words in (
        ("verify", verified, "derive a pull request's branch again and compare"),
        ("revert", reverted, "open the pull request that takes back a merged one"),
    ):
        each = commands.add_parser(name, help=words)
        each.set_defaults(command=command)
        each.add_argument("pull", metavar="PULL", help="its URL, or OWNER/REPO#N")
        each.add_argument("--github-url", default=API, metavar="URL", help=API_HELP)
        each.add_argument("--cache", default=cache, metavar="DIR", help=CACHE_HELP)
    again = commands.add_parser("reproduce", help="make a pull request's changes here")
    again.set_defaults(command=reproduced)
    again.add_argument("codemod", metavar="NAME", help="a codemod")
    again.add_argument("keys", metavar="KEY", nargs="+", help="as the body has them")
    again.add_argument("--folder", default=".", metavar="DIR", help="a checkout (.)")
    check = commands.add_parser("check-config", help="validate a repository's config")
    check.set_defaults(command=check_config)
    check.add_argument("path", metavar="PATH", help="the repository's root")
    return top
