"""The attributes that rows and their values have, from the files beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def series_attributes() -> frozenset[str]:
    text = resources.files(__package__).joinpath("series_attributes.txt").read_text()
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


@cache
def scalar_attributes() -> tuple[frozenset[str], frozenset[str]]:
    """The attributes of numbers, and of dates."""
    text = resources.files(__package__).joinpath("scalar_attributes.toml").read_text()
    table = tomllib.loads(text)
    return frozenset(table["numbers"]), frozenset(table["dates"])
