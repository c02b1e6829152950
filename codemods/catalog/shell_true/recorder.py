"""Runs one side of a change, with a script in place of every program.

The only thing on PATH is a recorder: it takes down its name, arguments, environment,
directory and first line of input, says something and exits with a status. Part of a
trial's program: nothing but the standard library is there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# An exit status, what is printed and what is complained; no program at all.
Outcome = tuple[int, str, str]
MISSING = (127, "", "")
# What a shell sets for what it runs: said on the codemod's page.
SHELLS_OWN = ("PWD", "OLDPWD", "SHLVL", "_")
RECORDER = r"""#!/bin/sh
IFS= read -r line
e=$(export -p)
printf '%s\0' "${0##*/}" "$PWD" "$line" "$e" "$#" "$@" >>'{records}'
printf '%s' '{out}'
printf '%s' '{err}' >&2
exit {status}
"""


class Left(Exception):
    """A guard ahead of the command was taken: nothing is run."""


class World:
    """The sandbox's directory: `bin` is all of PATH, `here` where commands run."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.root = Path.cwd().resolve()
        self.bin = self.root / "bin"
        self.here = self.root / "here"
        self.records = self.root / "records"
        self.case = case
        self.sides = [compile(text, "side.py", "exec") for text in case["sides"]]
        self.commands: list[str] = []
        (self.root / "in").write_bytes(b"from input\nmore\n")
        os.environ.clear()
        os.environ.update(PATH=str(self.bin), LANG="C.UTF-8", HOME=str(self.here))
        self.watch()

    def watch(self) -> None:
        """Take down the text of the commands that a shell is given."""
        start, system = subprocess.Popen.__init__, os.system

        def noting(held: Any, args: Any, *rest: Any, **options: Any) -> None:
            if options.get("shell") and isinstance(args, str):
                self.commands.append(args)
            start(held, args, *rest, **options)

        def noting_system(command: Any) -> int:
            self.commands.append(command)
            return system(command)

        subprocess.Popen.__init__ = noting  # type: ignore[method-assign,assignment]
        os.system = noting_system

    def prepare(self, given: dict[str, Any], outcome: tuple[int, str, str]) -> None:
        for folder in (self.bin, self.here):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        self.records.write_bytes(b"")
        words = {*self.case["words"], *(w for v in given.values() for w in texts(v))}
        for word in words:
            place(self.here, word, self.case["reads"])
        if outcome == MISSING:
            return
        status, out, err = outcome
        script = RECORDER.replace("{records}", str(self.records))
        script = script.replace("{out}", out).replace("{err}", err)
        recorder = self.bin / ".recorder"
        recorder.write_text(script.replace("{status}", str(status)), "utf-8")
        recorder.chmod(0o755)
        for word in words:
            if (
                word
                and "/" not in word
                and "\0" not in word
                and word not in (".", "..")
            ):
                os.symlink(".recorder", self.bin / word)

    def run(
        self, side: int, given: dict[str, Any], outcome: tuple[int, str, str]
    ) -> dict[str, Any]:
        """What one side did; the same keys for both."""
        self.prepare(given, outcome)
        self.commands.clear()
        told: list[Any] = []
        held = os.getcwd(), [os.dup(number) for number in range(3)]
        os.chdir(self.here)
        try:
            self.streams()
            error = self.call(side, given, told)
            children()
        finally:
            os.chdir(held[0])
            for number, kept in enumerate(held[1]):
                os.dup2(kept, number)
                os.close(kept)
        return {
            "ran": self.recorded(),
            "raised": error,
            "got": [normal(each, self.case["waits"]) for each in told],
            "printed": (self.root / "out").read_bytes(),
            "complained": (self.root / "err").read_bytes(),
            "files": files(self.here),
        }

    def streams(self) -> None:
        create = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        opened = [
            os.open(str(self.root / "in"), os.O_RDONLY),
            os.open(str(self.root / "out"), create, 0o600),
            os.open(str(self.root / "err"), create, 0o600),
        ]
        for number, each in enumerate(opened):
            os.dup2(each, number)
            os.close(each)

    def call(self, side: int, given: dict[str, Any], told: list[Any]) -> Any:
        space = hooks(given, told, set(self.case["common"]))
        try:
            exec(self.sides[side], space)
            main: Callable[..., Any] = space["main"]
            named = {g["name"]: given[g["text"]] for g in self.case["givens"]}
            known = main.__code__.co_varnames[: main.__code__.co_argcount]
            main(**{name: copied(named[name]) for name in known})
        except Exception as error:
            return raised(error)
        finally:
            for each in told:
                settle(each)
            sys.stdout.flush()
        return None

    def recorded(self) -> list[list[Any]]:
        fields = (
            self.records.read_bytes().decode("utf-8", "surrogateescape").split("\0")
        )
        found: list[list[Any]] = []
        while len(fields) > 5:
            name, place, line, variables, count = fields[:5]
            end = 5 + int(count)
            argv = [name, *fields[5:end]]
            where = os.path.relpath(place, str(self.here))
            found.append([argv, where, line, environment(variables)])
            fields = fields[end:]
        # Programs of a pipe run side by side.
        return sorted(found) if self.case["pipe"] else found


def hooks(given: dict[str, Any], told: list[Any], common: set[str]) -> dict[str, Any]:
    """What the cut calls (see codemods/evidence/cut); both sides ask for `common`."""

    def asked(text: str) -> Any:
        if text in common:
            told.append(("asked", text))
        return copied(given[text])

    def passed(function: str, *values: Any) -> None:
        told.append(("passed", function, *values))

    def left() -> None:
        raise Left

    return {
        "__name__": "side",
        "asked": asked,
        "passed": passed,
        "left": left,
        "seen": lambda value: told.append(("seen", value)),
        "bound": lambda name, value: told.append((name, value)),
        "caught": lambda index: told.append(("handler", index)),
    }


def copied(value: Any) -> Any:
    return type(value)(value) if isinstance(value, (list, dict)) else value


def texts(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in texts(each)]
    return [str(value)] if isinstance(value, (str, Path)) else []


def place(folder: Path, word: str, reads: str) -> None:
    """Make the directories that a relative path needs, and the file if it is read."""
    if not word or "\0" in word or word.startswith(("/", "~")) or ".." in word:
        return
    path = folder / word
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if reads == "files":
            path.write_bytes(b"from a file\nmore\n")
        elif reads == "folders":
            path.mkdir(exist_ok=True)
    except OSError:
        pass


def settle(told: Any) -> None:
    """Wait for what was started, and read what it said."""
    for value in told if isinstance(told, tuple) else ():
        if isinstance(value, subprocess.Popen) and not hasattr(value, "said"):
            try:
                value.said = value.communicate(timeout=5)  # type: ignore[attr-defined]
            except ValueError:
                value.said = None  # type: ignore[attr-defined]


def children() -> None:
    """Wait for whatever else was started."""
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


def raised(error: Exception) -> Any:
    if isinstance(error, subprocess.CalledProcessError):
        streams = [error.output or None, error.stderr or None]
        return ["CalledProcessError", error.returncode, *streams]
    return [type(error).__name__]


def normal(value: Any, waits: bool) -> Any:
    """A value for comparison: results without the command, which is a list now.

    Nothing said is as good as nothing captured. With `waits`, a number may be the wait
    status of `os.system`, which the codemod leaves where more than zero is asked of it.
    """
    if isinstance(value, subprocess.CompletedProcess):
        streams = [value.stdout or None, value.stderr or None]
        return ["CompletedProcess", value.returncode, *streams]
    if isinstance(value, subprocess.Popen):
        return ["Popen", value.returncode, getattr(value, "said", None)]
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, *(normal(each, waits) for each in value)]
    if waits and isinstance(value, int):
        return ["a status", value != 0]
    if value is None or isinstance(value, (str, bytes, int, float, dict, Path)):
        return [type(value).__name__, repr(value)]
    return [type(value).__name__]


def environment(text: str) -> str:
    own = re.compile(rf"export (?:{'|'.join(SHELLS_OWN)})(?:=|$)")
    return "\n".join(line for line in text.split("\n") if not own.match(line))


def files(folder: Path) -> list[Any]:
    return sorted(
        [str(path.relative_to(folder)), path.read_bytes()]
        for path in folder.rglob("*")
        if path.is_file()
    )
