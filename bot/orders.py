"""What a comment asks the bot to do: pure, from its Markdown.

A command is a line of its own in a paragraph of the comment. What stands in a quote, a
list, code, HTML or in the middle of a sentence is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

WORD = "/codemod"
MOST = 10  # commands of a comment; what comes after is not read
LONGEST = 65_536  # characters of a comment, by GitHub
MAY_ASK = re.compile(rf"^[ \t]*{WORD}(?!\S)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rebase:
    """Build the branch anew on the base's tip."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Propose no more of a codemod, or of a change, by its key or fingerprint."""

    name: str


@dataclass(frozen=True, slots=True)
class Unignore:
    """Take that back."""

    name: str


@dataclass(frozen=True, slots=True)
class Explain:
    """Say what a codemod does; "" for the one that the pull request is about."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that there is not."""


Order = Rebase | Ignore | Unignore | Explain | Unknown
NAMED: dict[str, Callable[[str], Order]] = {
    "ignore": Ignore,
    "unignore": Unignore,
    "explain": Explain,
}


def may_ask(text: str) -> bool:
    """Whether it is worth reading: quick, and True for every text with a command."""
    return bool(MAY_ASK.search(text[:LONGEST].replace("\r", "\n")))


def orders(text: str) -> tuple[Order, ...]:
    """The commands of a comment in their order, each once."""
    if not may_ask(text):
        return ()
    found = (order_in(line) for line in lines(text[:LONGEST]))
    each = dict.fromkeys(order for order in found if order is not None)
    return tuple(each)[:MOST]


def lines(text: str) -> Iterator[str]:
    """The lines of paragraphs; what is neither text nor code in them is a NUL."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0:
            yield from "".join(map(plain, token.children or ())).split("\n")


def plain(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "text":
            return token.content
        case "code_inline":
            return f"`{token.content}`"
    return "\0"


def order_in(line: str) -> Order | None:
    word, *given = line.split()[:4] or [""]
    if word.lower() != WORD:
        return None
    match [each.lower() for each in given]:
        case ["rebase"]:
            return Rebase()
        case ["explain"]:
            return Explain()
        case [verb, name] if verb in NAMED:
            return NAMED[verb](name.strip("`"))
    return Unknown()
