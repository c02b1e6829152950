"""Text of a repository in Markdown: shown as it is, and without any effect."""

from __future__ import annotations

import html
import re
import unicodedata

BREAK = "\u200b"  # zero width: seen by GitHub's parsers, not by people
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>$-])")
ACTIVE = re.compile(r"(?<=@)|(?<=#)|(?<=[Gg][Hh]-)|(?<=://)|(?<=[Ww]\.)")
# A squashed commit takes over the body as plain text, in which code is no code.
CLOSING = re.compile(
    r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)(?=#|gh-|[\w.-]+/[\w.-]+#|https?:)",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    """Control and direction marks as escapes; tabs and line feeds stay."""
    if text.isprintable():  # most text: none of it is of the categories below
        return text
    return "".join(map(shown, text.replace("\r\n", "\n")))


def shown(char: str) -> str:
    if char in "\t\n":
        return char
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return char.encode("unicode_escape", "surrogatepass").decode()
    return char


def line(text: str) -> str:
    """The same in one line."""
    return " ".join(visible(text).split())


def prose(text: str) -> str:
    """Text that means nothing in Markdown, mentions nobody and closes nothing."""
    plain = html.escape(ACTIVE.sub(BREAK, line(text)), quote=False)
    return SPECIAL.sub(r"\\\1", plain)


def sentence(text: str) -> str:
    """A clause of a codemod's: what it quotes is shown as code."""
    parts = line(text).split("`")
    if len(parts) % 2 == 0:  # a tick of its own, inside what is quoted
        return prose(text)
    return "".join(
        code(part) if at % 2 else prose_within(part) for at, part in enumerate(parts)
    )


def prose_within(text: str) -> str:
    """Prose whose spaces at both ends stay."""
    stripped = text.strip()
    lead = " " * (text[:1] == " ")
    tail = " " * (text[-1:] == " " and bool(stripped))
    return f"{lead}{prose(stripped)}{tail}"


def markup(text: str) -> str:
    """Text for an HTML element in Markdown."""
    return html.escape(ACTIVE.sub(BREAK, line(text)), quote=False)


def code(text: str) -> str:
    """A code span."""
    plain = disarmed(line(text)) or " "
    ticks = "`" * (longest_run(plain) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{ticks}{space}{plain}{space}{ticks}"


def block(text: str, language: str = "", margin: str = "") -> str:
    """A fenced block, each line after `margin`."""
    plain = disarmed(visible(text)).removesuffix("\n")
    fence = "`" * max(3, longest_run(plain) + 1)
    lines = [f"{fence}{language}", *plain.split("\n"), fence]
    return "\n".join(f"{margin}{each}" for each in lines)


def disarmed(text: str) -> str:
    return CLOSING.sub(rf"\1{BREAK}\2{BREAK}", text)


def longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
