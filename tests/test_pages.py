"""The examples on every page are what the codemod does."""

from __future__ import annotations

import re

import pytest

from codemods.engine import Settings, run
from codemods.model import Source
from codemods.registry import entries

PAIR = re.compile(
    r"```python\n(?P<before>.*?)```\n+becomes\n+```python\n(?P<after>.*?)```", re.S
)
EXAMPLES = [
    (entry.name, match["before"], match["after"])
    for entry in entries()
    for match in PAIR.finditer(entry.page)
]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    EXAMPLES,
    ids=[f"{name}-{index}" for index, (name, *_) in enumerate(EXAMPLES)],
)
def test_example(name: str, before: str, after: str) -> None:
    codemod = next(entry.load() for entry in entries() if entry.name == name)
    result = run(
        Source("example.py", before.encode()), [codemod], Settings(unsafe=True)
    )
    assert result.failures == ()
    assert result.after.data.decode() == after


def test_every_codemod_shows_an_example() -> None:
    assert {name for name, *_ in EXAMPLES} == {entry.name for entry in entries()}
