"""What a person would search for to find what a codemod finds."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from codemods.registry import Entry


@cache
def table() -> dict[str, str]:
    data = resources.files(__package__).joinpath("searches.toml").read_text("utf-8")
    return {name: str(pattern) for name, pattern in tomllib.loads(data).items()}


def search_of(entry: Entry) -> str:
    """A regular expression as for `grep -E`; by default a codemod's own words."""
    words = (re.escape(word.decode("utf-8", "replace")) for word in entry.words)
    return table().get(entry.name) or "|".join(words)
