"""The command as a person runs it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLUGIN = Path(__file__).parent / "plugin"
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    stdout: bytes
    err: str

    @property
    def out(self) -> str:
        return self.stdout.decode("utf-8")

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.stdout)
        return document


def environment(**more: str) -> dict[str, str]:
    """Ours, with the codemods of `plugin/` and without what would change a run."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(PLUGIN), str(ROOT))), **more}


def codemod(
    *arguments: str, cwd: Path, stdin: bytes | None = None, **variables: str
) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "codemods", *arguments],
        cwd=cwd,
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        env=environment(**variables),
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8"))


def imported(*arguments: str, cwd: Path, plugins: bool = True) -> set[str]:
    """The modules that a run of the command imports."""
    variables = {} if plugins else {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "codemods", *arguments],
        cwd=cwd,
        capture_output=True,
        env=environment(**variables),
        check=False,
    )
    lines = done.stderr.decode().splitlines()
    return {line.rpartition("|")[2].strip() for line in lines}


def git(*arguments: str, cwd: Path, stdin: bytes | None = None) -> str:
    """Run git; raises where it fails, with its words."""
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "surrogateescape")


def repository(path: Path) -> Path:
    """A git repository at `path` with everything in it committed."""
    git("init", "-q", cwd=path)
    git("add", "-A", cwd=path)
    git("commit", "-q", "--allow-empty", "-m", "first", cwd=path)
    return path
