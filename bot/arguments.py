"""The command line of `codemod-bot`."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping

from bot.credentials import LOGIN
from bot.github import API
from bot.settings import SettingsError
from bot.survey import categories
from codemods import __version__

Command = Callable[[str, str], ArgumentParser]
PULL = re.compile(
    r"(?:https?://[^/\s]+/)?([\w.-]+/[\w.-]+)(?:#|/pull/)([1-9]\d{0,9})/?"
)
PULL_COMMANDS = {
    "verify": "derive a pull request's branch again and compare",
    "revert": "open the pull request that takes back a merged one",
}


def parser(
    description: str, commands: Mapping[str, Callable[[Namespace], int]]
) -> ArgumentParser:
    """The parser; `command` of what it gives is the one that was asked for."""
    top = ArgumentParser(prog="codemod-bot", description=description)
    version = f"codemod-bot {__version__}"
    top.add_argument("--version", action="version", version=version)
    group = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, words: str) -> ArgumentParser:
        made = group.add_parser(name, help=words)
        made.set_defaults(command=commands[name])
        return made

    to_run(command)
    for name, words in PULL_COMMANDS.items():
        each = command(name, words)
        each.add_argument("pull", metavar="PULL", help="its URL, or OWNER/REPO#N")
        to_reach(each)
    obeys = command("command", "do what a comment in a pull request asks for")
    obeys.add_argument("pull", metavar="PULL", help="its URL, or OWNER/REPO#N")
    obeys.add_argument(
        "--comment", type=int, required=True, metavar="ID", help="its id"
    )
    to_report(obeys)
    to_reach(obeys)
    again = command("reproduce", "make a pull request's changes here")
    again.add_argument("codemod", metavar="NAME", help="a codemod")
    again.add_argument("keys", metavar="KEY", nargs="+", help="as the body has them")
    again.add_argument("--folder", default=".", metavar="DIR", help="a checkout (.)")
    to_run_the_service(command)
    to_register(command("setup", "register a GitHub App and keep its credentials"))
    check = command("check-config", "validate a repository's config")
    check.add_argument("path", metavar="PATH", help="the repository's root")
    return top


def to_run(command: Command) -> None:
    runs = command("run", "work on one repository now")
    add = runs.add_argument
    add("repository", nargs="?", metavar="OWNER/REPO", help="on GitHub")
    add("--remote", metavar="PATH_OR_URL", help="a git remote instead")
    add("--no-pull", action="store_true", help="push branches, no more")
    add("--bodies", default="pulls", metavar="DIR", help="for the bodies (pulls)")
    to_report(runs)
    sweeps = command("sweep", "work on all repositories that were named")
    sweeps.add_argument(
        "--repositories",
        metavar="FILE",
        help="a TOML file that lists them (default: all that the App is installed in)",
    )
    add = sweeps.add_argument
    add("--report", action="store_true", help="print what the last sweep did, no more")
    words = "of --report: text, json or markdown (%(default)s)"
    add("--format", choices=("text", "json", "markdown"), default="text", help=words)
    words = "of the service, to report on its nights"
    add("--database", default="", metavar="URL", help=words)
    for each in (runs, sweeps):
        to_work_on(each)


def to_run_the_service(command: Command) -> None:
    serves = command("serve", "answer the App's webhooks and do what they ask for")
    add = serves.add_argument
    add("--host", default="127.0.0.1", help="(%(default)s)")
    add("--port", type=int, default=8080, help="(%(default)s)")
    add("--login", default="", metavar="NAME[bot]", help=f"the App's ({LOGIN})")
    add("--no-jobs", action="store_true", help="leave the jobs to workers")
    to_sign_in(serves)
    to_sweep(serves)
    works = command("worker", "do the jobs that `serve` puts into the database")
    for each in (serves, works):
        to_serve(each)


def to_work_on(each: ArgumentParser) -> None:
    add = each.add_argument
    add("--only", default="", metavar="NAMES", help="of these codemods (a,b)")
    add("--even-if-idle", action="store_true", help="though a year has no commits")
    add("--dry-run", action="store_true", help="print the plan and the bodies, no more")
    to_reach(each)


def to_sweep(each: ArgumentParser) -> None:
    add = each.add_argument
    cron = "0 2 * * *"
    add(
        "--sweep",
        default=cron,
        metavar="CRON",
        help="every night, or `off` (%(default)s)",
    )
    words = "over which a night's repositories are spread (%(default)s)"
    add("--sweep-hours", type=float, default=4.0, metavar="HOURS", help=words)
    add(
        "--time-zone", default="UTC", metavar="NAME", help="of the nights (%(default)s)"
    )
    words = "a TOML file of those that have nights of their own"
    add("--installations", metavar="FILE", help=words)


def to_sign_in(each: ArgumentParser) -> None:
    add = each.add_argument
    words = "the address by which browsers reach the pages"
    add("--url", default="", metavar="https://HOST", help=words)
    words = "who may see the jobs, of those who sign in with GitHub"
    add("--admins", default="", metavar="LOGINS", help=words)
    words = "of proxies whose X-Forwarded-For is believed"
    add("--forwarded-allow-ips", default="", metavar="IPS", help=words)


def to_report(each: ArgumentParser) -> None:
    words = "leave what was found and done, as JSON"
    each.add_argument("--report", metavar="FILE", help=words)


def to_serve(each: ArgumentParser) -> None:
    add = each.add_argument
    url = "sqlite:///codemod-bot.sqlite"
    add("--database", default=url, metavar="URL", help="(%(default)s)")
    add("--jobs", type=int, default=2, metavar="N", help="at a time (%(default)s)")
    words = "days to keep finished jobs, failed ones three times as long (%(default)s)"
    add("--keep", type=int, default=30, metavar="DAYS", help=words)
    add("--name", default="", help="this process's, the same after a restart (host)")
    to_reach(each)


def to_register(each: ArgumentParser) -> None:
    add = each.add_argument
    add("--url", required=True, metavar="URL", help="where the service will answer")
    add("--name", default="", help="the App's; no other on GitHub may have it (random)")
    add("--organization", default="", metavar="NAME", help="its owner (you)")
    file = "codemod-bot.env"
    add("--credentials", default=file, metavar="FILE", help="to write (%(default)s)")
    add("--force", action="store_true", help="replace that file and the key beside it")
    add("--port", type=int, default=0, help="of the page on this machine (a free one)")
    add("--github-url", default=API, metavar="URL", help="GitHub's API (%(default)s)")


def to_reach(each: ArgumentParser) -> None:
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache") + "/codemod-bot"
    add = each.add_argument
    add("--credentials", default="", metavar="FILE", help="that `setup` wrote")
    add("--github-url", metavar="URL", help=f"GitHub's API ({API})")
    add("--cache", default=cache, metavar="DIR", help="for mirrors (%(default)s)")


def check_run(given: Namespace) -> None:
    """Raise SettingsError for arguments that do not go together."""
    if bool(given.repository) == bool(given.remote):
        raise SettingsError("give OWNER/REPO, or --remote with --no-pull")
    if bool(given.remote) != given.no_pull:
        raise SettingsError("--remote and --no-pull go together")
    if given.repository and given.repository.count("/") != 1:
        raise SettingsError(f"write OWNER/REPO, not {given.repository!r}")


def only(given: Namespace) -> tuple[str, ...]:
    names = tuple(name.strip() for name in given.only.split(",") if name.strip())
    known = {category.name for category in categories()}
    for name in names:
        if name not in known:
            raise SettingsError(f"--only: no codemod is called {name!r}")
    return names


def pull_named(text: str) -> tuple[str, int]:
    """The repository and the number. Raises SettingsError."""
    found = PULL.fullmatch(text.strip())
    if found is None:
        raise SettingsError(f"write OWNER/REPO#N or its URL, not {text!r}")
    return found[1], int(found[2])
