"""Running a program that nobody vouches for: walls, limits and an end.

Nothing of this machine's disk is written: files go in by standard input, and what the
program prints comes out.
"""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from typing import IO, Literal

from codemods.evidence import boxes
from codemods.evidence.interpreters import Interpreter
from codemods.names import UsageError

MEGABYTE = 1 << 20
Walls = Literal["any", "bubblewrap", "unshare", "none"]
FIRST_USER = 1 << 20  # above what systems hand out
REFUSED = (
    "no sandbox works here: install bubblewrap, or allow user namespaces, or run the "
    "code unprotected with --unsandboxed"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` pass on the wall, `cpu` seconds are spent; sizes are in bytes.

    `memory` is one process's address space, `disk` all that it writes; `processes`
    counts threads, too.
    """

    seconds: float = 60.0
    cpu: int = 60
    memory: int = 3 << 30
    disk: int = 64 * MEGABYTE
    processes: int = 32


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: a signal), or by the clock."""

    code: int
    out: bytes
    err: bytes
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Sandbox:
    """An interpreter and the walls around it; "none" runs it unprotected."""

    python: Interpreter
    limits: Limits = Limits()
    walls: Walls = "any"

    def run(
        self,
        argv: Sequence[str],
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Ended:
        """Run `python *argv` in a directory that holds `files` and nothing else.

        Raises UsageError where there are no walls to be had.
        """
        given = files or {}
        if self.walls == "none":
            with tempfile.TemporaryDirectory(prefix="codemod-") as base:
                order = self._order(base, argv, given, environment or {})
                return self._ended([], order)
        order = self._order(boxes.BASE, argv, given, environment or {})
        return self._ended(self._box(), order)

    def check(self) -> None:
        """Raise UsageError where there are no walls to be had."""
        if self.walls != "none":
            self._box()

    def _box(self) -> list[str]:
        disk = self.limits.disk
        if self.walls != "unshare" and (program := boxes.bubblewrap()):
            return boxes.with_bubblewrap(program, self.python, disk)
        if self.walls != "bubblewrap" and (program := boxes.unshare()):
            return boxes.with_unshare(program, self.python, disk)
        raise UsageError(REFUSED)

    def _order(
        self,
        base: str,
        argv: Sequence[str],
        files: Mapping[str, bytes],
        environment: Mapping[str, str],
    ) -> dict[str, object]:
        """What the launcher is told."""
        limits = self.limits
        walled_root = self.walls != "none" and os.geteuid() == 0
        others = 0 if walled_root else _processes()
        return {
            "base": base,
            "argv": [self.python.path, "-B", "-s", *argv],
            "files": {
                name: base64.b64encode(data).decode() for name, data in files.items()
            },
            "environment": {**_environment(base), **environment},
            # A user of its own, so that its processes are counted on their own.
            "user": FIRST_USER + random.randrange(1 << 20) if walled_root else 0,
            "limits": {
                "RLIMIT_AS": limits.memory,
                "RLIMIT_CPU": limits.cpu,
                "RLIMIT_FSIZE": limits.disk,
                "RLIMIT_NPROC": others + limits.processes,
                "RLIMIT_CORE": 0,
            },
        }

    def _ended(self, box: list[str], order: Mapping[str, object]) -> Ended:
        launcher = resources.files(__package__).joinpath("launcher.py").read_text()
        command = [
            *boxes.tether(),
            *box,
            self.python.path,
            "-I",
            "-S",
            "-B",
            "-c",
            launcher,
        ]
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(json.dumps(order).encode())
            given.seek(0)
            # The first process in a box can be read from inside: it has no secrets.
            process = subprocess.Popen(
                command,
                stdin=given,
                stdout=out,
                stderr=err,
                env={"PATH": boxes.PATH},
                start_new_session=True,
            )
            timed_out = False
            try:
                process.wait(self.limits.seconds)
            except subprocess.TimeoutExpired:
                timed_out = True
            finally:
                _end(process)
            return Ended(process.returncode, _text(out), _text(err), timed_out)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of it stays, also where there are no walls but it kept its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _text(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _environment(base: str) -> dict[str, str]:
    """All that a program gets to know of where it is."""
    return {
        "PATH": boxes.PATH,
        "HOME": os.path.join(base, "home"),
        "TMPDIR": os.path.join(base, "tmp"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _processes() -> int:
    """How many processes and threads this user has: the kernel counts them together."""
    count = 0
    user = os.geteuid()
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        with suppress(OSError):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count
