"""`codemod-bot`: parse, call, print.

Exit codes: 0 done; 2 a wrong command line or config; 3 a repository could not be
worked on. Of `verify`: 0 identical, 1 different, 2 it cannot be told.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from bot import credentials, settings
from bot.access import Access, access, listed
from bot.arguments import check_run, only, parser, pull_named
from bot.github import API
from bot.hardening import disinherit
from bot.mirrors import forget_older_than, results_beside
from bot.obey import Asking, obey
from bot.ports import Trouble
from bot.reaching import System, cache_in, on_github, reached, repository
from bot.report import Report, write
from bot.reproduce import reproduce
from bot.revert import revert
from bot.run import Repository, Step
from bot.snapshot import taken
from bot.summary import Summary
from bot.summary.diary import Diary, begun, opened
from bot.summary.text import FORMATS
from bot.survey import UsageError, categories
from bot.sweep import Memory, Place, sweep, table
from bot.telling import proposed
from bot.verify import Different, Identical, Unknown, verify
from bot.watching import Watch

DONE, USAGE, FAILED = 0, 2, 3
DIFFERENT, UNKNOWN = 1, 2  # of verify
KEPT = 30 * 86_400  # seconds that an unused mirror is kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    given = parser(__doc__.partition("\n")[0], COMMANDS).parse_args(arguments)
    disinherit(os.environ)
    try:
        identify(given)
        code: int = given.command(given)
    except settings.SettingsError as error:
        print(f"codemod-bot: {error}", file=sys.stderr)
        return USAGE
    except Trouble as error:
        print(f"codemod-bot: {error}", file=sys.stderr)
        return FAILED
    return code


def identify(given: Namespace) -> None:
    """Who we are, and on which GitHub, as the credentials have it."""
    if given.command is set_up or "credentials" not in given:
        return
    if given.credentials:
        credentials.load(given.credentials, os.environ)
    given.github_url = given.github_url or os.environ.get(credentials.URL) or API
    if "login" in given:
        given.login = given.login or os.environ.get(credentials.LOGIN, "")


def ran(given: Namespace) -> int:
    check_run(given)
    forget_older_than(cache_in(given), System().now() - KEPT)
    name = given.repository or given.remote
    with left(given, name) as watch, repository(given) as here:
        for step in watch.watched(here, steps_of(given)):
            print(step.told, flush=True)
    return DONE


@contextmanager
def left(given: Namespace, name: str) -> Iterator[Watch]:
    """What sees a run, and leaves its report where that was asked for."""
    watch = Watch(name)
    try:
        yield watch
    except (Trouble, settings.SettingsError) as error:
        watch.failed(error)
        raise
    finally:
        if given.report:
            leave(watch.report, given.report)


def leave(report: Report, path: str) -> None:
    try:
        write(report, path)
    except OSError as error:
        raise Trouble(f"--report: {error}") from error


def swept(given: Namespace) -> int:
    folder = os.path.join(cache_in(given), "sweeps")
    if given.report:
        found = summary_in(given.database) if given.database else opened(folder).summary
        print(FORMATS[given.format](found))
        return DONE
    forget_older_than(cache_in(given), System().now() - KEPT)
    known = access(given.github_url)
    names = listed(given.repositories) if given.repositories else known.everywhere()
    asked = "\0".join((given.github_url, *only(given), str(given.even_if_idle)))
    memory, diary = Memory(folder, asked), begun(folder)
    places = [place_of(name, known, given, diary) for name in names]
    rows = []
    began = time.time()
    for row in sweep(places, memory, partial(print, flush=True), steps_of(given)):
        rows.append(row)
    print(f"\n{table(rows)}")
    if not given.dry_run:
        diary.close(began, rows)
    return FAILED if any(row.error for row in rows) else DONE


def summary_in(database: str) -> Summary:
    """Of the service's last night. Raises Trouble."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.service.ledger import Ledger
    from bot.service.ledger.summaries import last_night

    try:
        return last_night(Ledger(database).engine)
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise Trouble(f"the database cannot be used: {reason}") from error


def steps_of(given: Namespace) -> Callable[[Repository], Iterator[Step]]:
    return proposed if given.dry_run else Repository.steps


def place_of(name: str, known: Access, given: Namespace, diary: Diary) -> Place:
    @contextmanager
    def here() -> Iterator[Repository]:
        with on_github(name, known.token(name), given) as found:
            yield replace(found, witness=diary.witness(name))

    return Place(
        name,
        look=lambda base: taken(name, known.token(name), given.github_url, base),
        open=here,
    )


def verified(given: Namespace) -> int:
    with reached(given) as (checkout, forge, number):
        match verify(checkout, forge.pull(number)):
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


def obeyed(given: Namespace) -> int:
    name, _ = pull_named(given.pull)
    with left(given, name) as watch, reached(given) as (checkout, forge, number):
        results = results_beside(checkout.path)
        here = Repository(checkout, forge, System(), results=results)
        run = partial(watch.watched, steps=Repository.steps)
        for line in obey(here, forge, Asking(number, given.comment), run):
            print(line, flush=True)
    return DONE


def reproduced(given: Namespace) -> int:
    try:
        paths = reproduce(given.folder, given.codemod, given.keys)
    except UsageError as error:
        raise settings.SettingsError(str(error)) from error
    print("\n".join(paths))
    return DONE


def served(given: Namespace) -> int:
    with its_extra():
        from bot.service.serve import serve

    return serve(given)


def worked(given: Namespace) -> int:
    with its_extra():
        from bot.service.serve import work

    return work(given)


@contextmanager
def its_extra() -> Iterator[None]:
    """Name the extra of which something is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        needs = f"the service needs {error.name}: pip install 'codemod[service]'"
        raise settings.SettingsError(needs) from error


def set_up(given: Namespace) -> int:
    from bot.setup.command import set_up as register

    return register(given)


def check_config(given: Namespace) -> int:
    names = tuple(category.name for category in categories())
    asked = settings.load(given.path, names)
    chosen = [name for name in names if asked.selects(name)]
    print(f"{given.path}: in order; selects {', '.join(chosen) or 'nothing'}")
    return DONE


COMMANDS = {
    "run": ran,
    "sweep": swept,
    "verify": verified,
    "revert": reverted,
    "command": obeyed,
    "reproduce": reproduced,
    "check-config": check_config,
    "serve": served,
    "worker": worked,
    "setup": set_up,
}
