"""Our own fixtures, read by the harness that is there for everybody's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from codemods.model import Codemod
from codemods.registry import entries
from codemods.testing.cases import Case, read

FIXTURES = Path(__file__).parent / "fixtures"


@cache
def codemod(name: str) -> Codemod:
    return next(entry.load() for entry in entries() if entry.name == name)


def cases() -> list[Case]:
    return [read(path) for path in sorted(FIXTURES.glob("*/*.py"))]
