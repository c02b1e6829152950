"""Every codemod over real code: no crash, nothing that does not parse, one run enough.

The code is what the test environment has installed. Files are taken in order of path,
so that a failure comes back.
"""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from codemods.engine import Settings, run
from codemods.model import Codemod, Source
from codemods.registry import entries

HOME = Path(sysconfig.get_paths()["purelib"])
PACKAGES = ("pandas", "libcst", "black", "hypothesis", "pip", "mypy", "rich", "_pytest")
MOST_FILES, MOST_BYTES = 20, 60_000


def codemods() -> list[Codemod]:
    return [entry.load() for entry in entries()]


def candidates(package: str, known: list[Codemod]) -> list[Source]:
    """The first files of a package in which one of the codemods' words occurs."""
    words = [word for codemod in known for word in codemod.words]
    found: list[Source] = []
    for path in sorted((HOME / package).rglob("*.py")):
        data = path.read_bytes()
        if len(data) < MOST_BYTES and any(word in data for word in words):
            found.append(Source(path.relative_to(HOME).as_posix(), data))
        if len(found) == MOST_FILES:
            break
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_real_code_comes_out_whole(package: str) -> None:
    known = codemods()
    if not (HOME / package).is_dir():
        pytest.skip(f"{package} is not installed")
    for source in candidates(package, known):
        result = run(source, known, Settings(unsafe=True))
        assert result.failures == (), source.path
        if result.changed:
            ast.parse(result.after.data)
            again = run(result.after, known, Settings(unsafe=True))
            assert again.after.data == result.after.data, source.path
            assert again.failures == ()
