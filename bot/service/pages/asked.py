"""What an address asks of a page. Nothing in it is an error: what makes no sense is
as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.service.ledger.records import clean
from bot.service.pages.addresses import with_query

LONGEST = 200  # characters of a search
FURTHEST = 1_000_000  # the last page that is asked for
SHOWN = ("", "pulls", "failed")
SORTED = ("name", "fixes", "left", "pulls", "run")


@dataclass(frozen=True, slots=True)
class Listing:
    """Which repositories, in which order: `show` and `sort` as above.

    `search` is part of a name; `codemod` asks for those where it found something.
    """

    search: str = ""
    codemod: str = ""
    show: str = ""
    sort: str = "fixes"
    page: int = 1

    def address(self, **changes: Any) -> str:
        """The same list but for these changes, from its first page on."""
        other = replace(self, **{"page": 1, **changes})
        sort = "" if other.sort == "fixes" else other.sort
        page = other.page if other.page > 1 else 0
        return with_query(
            "/",
            {
                "q": other.search,
                "codemod": other.codemod,
                "show": other.show,
                "sort": sort,
                "page": page,
            },
        )

    def at_page(self, number: int) -> str:
        return self.address(page=number)


def listing(query: Mapping[str, str]) -> Listing:
    return Listing(
        search=text(query, "q").strip(),
        codemod=text(query, "codemod"),
        show=one_of(SHOWN, query.get("show", "")),
        sort=one_of(SORTED, query.get("sort", "fixes"), "fixes"),
        page=page(query),
    )


def text(query: Mapping[str, str], name: str) -> str:
    return clean(query.get(name, "")[:LONGEST])


def one_of(known: tuple[str, ...], given: str, default: str = "") -> str:
    return given if given in known else default


def page(query: Mapping[str, str]) -> int:
    given = query.get("page", "")
    found = int(given) if given.isascii() and given.isdigit() and len(given) < 8 else 1
    return min(max(found, 1), FURTHEST)


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a list of so many, and of how many a page shows."""

    page: int
    total: int
    size: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_shown(self) -> int:
        return min(self.total, (self.page - 1) * self.size + 1)

    @property
    def last_shown(self) -> int:
        return min(self.total, self.page * self.size)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


def pages(asked: int, total: int, size: int) -> Pages:
    """The page that was asked for, or the last one."""
    last = Pages(1, total, size).last
    return Pages(min(asked, last), total, size)
