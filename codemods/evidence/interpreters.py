"""The interpreter that trials run in: what of the disk it has to see."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass

from codemods.names import UsageError

PROBE = (
    "import json, sys; print(json.dumps("
    "[sys.base_prefix, sys.base_exec_prefix, list(sys.version_info[:3])]))"
)
PATIENCE = 30  # seconds
OLDEST = (3, 10)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python by its absolute path; in an environment, by its path there.

    `places` are the directories that it needs, `links` the symbolic links outside of
    them that lead to it, with their targets.
    """

    path: str
    places: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    version: str


def interpreter(path: str) -> Interpreter:
    """Raises UsageError for a path where no Python is that can be used."""
    path = os.path.abspath(path)
    # Isolated and without site: nothing of an environment's own runs here.
    try:
        done = subprocess.run(
            [path, "-I", "-S", "-c", PROBE],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
        base, exec_base, version = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UsageError(f"--python {path}: not a Python that runs") from error
    if tuple(version) < OLDEST:
        raise UsageError(f"--python {path}: older than {'.'.join(map(str, OLDEST))}")
    found = dict.fromkeys([*_environment(path), base, exec_base])
    places = tuple(os.path.abspath(place) for place in found)
    for place in places:
        if _holds_too_much(place):
            raise UsageError(f"--python {path}: {place} would be open to the sandbox")
    links = tuple(each for each in _links(path) if not _under(each[0], places))
    return Interpreter(path, places, links, ".".join(map(str, version)))


def _environment(path: str) -> list[str]:
    folder = os.path.dirname(os.path.dirname(path))
    return [folder] if os.path.exists(os.path.join(folder, "pyvenv.cfg")) else []


def _holds_too_much(place: str) -> bool:
    home = os.path.expanduser("~")
    return os.path.commonpath([place, home]) == place


def _links(path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while os.path.islink(path) and len(found) < 40:
        target = os.readlink(path)
        found.append((path, target))
        path = os.path.abspath(os.path.join(os.path.dirname(path), target))
    return found


def _under(path: str, places: tuple[str, ...]) -> bool:
    return any(os.path.commonpath([path, place]) == place for place in places)
