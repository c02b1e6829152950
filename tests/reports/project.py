"""A project with every kind of finding, and what the command reports of it."""

from __future__ import annotations

from pathlib import Path

from tests.command import Done, codemod

FILES = {
    "a.py": "old(1)\nold(1, 2)\nold()\nold(*x)\n",
    "pkg/é ü.py": "é = 'é', old(7)\r\nold(3)  # codemod: ignore[old-call] known\r\n",
    "broken.py": "old(\n",
    "crash.py": "old('crash')\n",
}


def written(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def report(folder: Path, kind: str, *more: str) -> Done:
    """The report of a run over the project that writes nothing."""
    arguments = ("run", "old-call,iterrows", "--check", "--output-format", kind)
    return codemod(*arguments, *more, cwd=folder)
