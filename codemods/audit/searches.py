"""What a person would search for to find what a codemod finds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from codemods.registry import Entry

# A part of everything that the searches of measures and of `searches.toml` match.
PARTS = (
    *(b"execute(", b"query(", b"publish(", b"send_message(", b"put_record(", b"send("),
    *(b"produce(", b"SELECT", b"fetchall", b"to_dataframe", b"iterrows", b"itertuples"),
    *(b"read_sql", b"read_gbq", b"requests.", b"shell=True", b"except"),
)


def may_match(data: bytes, entries: Sequence[Entry]) -> bool:
    """Whether a search may find anything; the searches themselves take far longer."""
    if any(part in data for part in PARTS):
        return True
    own = (entry for entry in entries if entry.name not in table())
    return any(word in data for entry in own for word in entry.words)


@cache
def table() -> dict[str, str]:
    data = resources.files(__package__).joinpath("searches.toml").read_text("utf-8")
    return {name: str(pattern) for name, pattern in tomllib.loads(data).items()}


def search_of(entry: Entry) -> str:
    """A regular expression as for `grep -E`; by default a codemod's own words."""
    words = (re.escape(word.decode("utf-8", "replace")) for word in entry.words)
    return table().get(entry.name) or "|".join(words)
