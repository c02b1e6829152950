"""A run that asks: every file with a fix, one after another."""

from __future__ import annotations

import sys
from argparse import Namespace

from codemods import discovery, files, notebooks
from codemods.cache import Cache
from codemods.formatting import formatted
from codemods.interactive.asking import Asked, asked
from codemods.interactive.screen import ask
from codemods.model import Source
from codemods.names import UsageError
from codemods.outcome import Outcome
from codemods.project import Request, examined
from codemods.work import load
from codemods.workers import Task

DONE, FAILED = 0, 3


def run(given: Namespace, request: Request) -> int:
    """Ask about every fix, write what is answered, and sum up; the exit code.

    A file is written when its last question is answered. Raises UsageError where there
    is no terminal to ask on.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--interactive asks on a terminal, and there is none")
    excluded = request.config.excludes if request.config.exclude else None
    found = discovery.discover(given.paths, excluded)
    answered: list[Asked] = []
    troubles = [f"{name}: no such file or directory" for name in found.missing]
    for item in examined(request, found, Cache(None, b"")):
        if isinstance(item, Outcome):
            troubles += [f"{each.path}: {each.message}" for each in item.failures]
        if not isinstance(item, Task):
            continue
        try:
            one = about(item, request)
        except EOFError:  # Ctrl-D: the file at hand stays as it is
            print()
            break
        except (OSError, files.Refused) as error:
            troubles.append(f"{item.path}: {error}")
            continue
        if one is not None:
            answered.append(one)
            troubles += [f"{f.path}: {f.message}" for f in one.result.failures]
            if one.quit:
                break
    print(summary(answered))
    for trouble in troubles:
        print(f"codemod: {trouble}", file=sys.stderr)
    return FAILED if troubles else DONE


def about(task: Task, request: Request) -> Asked | None:
    """Ask about one file and write it; None where there is nothing to ask.

    Raises OSError, and Refused where the file changed meanwhile.
    """
    content = files.read(task.path, follow=task.follow)
    if content is None:
        return None
    if task.path.endswith(notebooks.SUFFIX):
        print(f"note: {task.path}: a notebook; run without --interactive")
        return None
    data, stamp = content
    codemods = load(request.entries, task.names)
    done = asked(Source(task.path, data), codemods, task, ask)
    if done.result.changed:
        result, note = formatted(done.result)
        if note:
            print(f"note: {note}")
        files.replace(task.path, result.after.data, stamp)
    return done


def summary(answered: list[Asked]) -> str:
    changed = sum(each.result.changed for each in answered)
    applied = sum(each.applied for each in answered)
    ignored = sum(each.ignored for each in answered)
    left = sum(each.left for each in answered)
    parts = [
        f"{applied} made",
        *([f"{ignored} ignored"] if ignored else []),
        *([f"{left} left"] if left else []),
    ]
    return f"\n{', '.join(parts)}; {changed} file{'' if changed == 1 else 's'} written."
