"""Where pages are, and where GitHub has what they show."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

Query = dict[str, str | int]


def with_query(path: str, query: Query) -> str:
    """The path with what is not empty or the default of the query."""
    given = {name: value for name, value in query.items() if value not in ("", 0)}
    return f"{path}?{urlencode(given)}" if given else path


def repository(name: str, *parts: str | int, **query: str | int) -> str:
    whole = [*name.split("/", 1), *map(str, parts)]
    path = "/r/" + "/".join(quote(part, safe="") for part in whole)
    return with_query(path, query)


@dataclass(frozen=True, slots=True)
class GitHub:
    """Addresses for people; `web` is the root: https://github.com."""

    web: str

    def repository(self, name: str) -> str:
        return f"{self.web}/{quote(name)}"

    def pull(self, name: str, number: int) -> str:
        return f"{self.repository(name)}/pull/{number}"

    def pulls(self, name: str) -> str:
        query = urlencode({"q": "is:pr head:codemod/"})
        return f"{self.repository(name)}/pulls?{query}"

    def commit(self, name: str, commit: str) -> str:
        return f"{self.repository(name)}/commit/{quote(commit, safe='')}"

    def line(self, name: str, commit: str, path: str, line: int) -> str:
        place = f"blob/{quote(commit, safe='')}/{quote(path)}"
        return f"{self.repository(name)}/{place}#L{line}"
