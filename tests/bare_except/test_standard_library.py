"""The standard library, its tests among it: nothing crashes, everything parses."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from codemods.catalog.bare_except import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Result, Source

STDLIB = Path(sysconfig.get_path("stdlib"))
OPTIONS = {"bare-except": {"relatives": True, "suppress": True, "lookup": True}}
MOST_BYTES = 40_000


def files() -> list[Path]:
    """Modules with a bare except; those that do not parse on purpose are left out."""
    found = []
    for path in sorted(STDLIB.rglob("*.py")):
        if {"site-packages", "lib2to3", "bad_coding"} & set(path.parts):
            continue
        data = path.read_bytes()
        if len(data) < MOST_BYTES and CODEMOD.triggers.search(data):
            found.append(path)
    return found


FILES = files()


def rewritten(source: Source) -> Result:
    return run(source, [CODEMOD], Settings(unsafe=True, options=OPTIONS))


@pytest.mark.parametrize("part", range(8))
def test_rewrites_parse_and_settle(part: int) -> None:
    for path in FILES[part::8]:
        source = Source(path.name, path.read_bytes())
        result = rewritten(source)
        assert result.failures == (), path
        if result.skipped is not None:
            with pytest.raises((SyntaxError, ValueError)):
                ast.parse(source.data)
            continue
        ast.parse(result.after.data)
        if result.changed:
            assert not rewritten(result.after).changed, path
