"""The one issue that tells of a mistake in a repository's config: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from bot.actions import Notice, Settle, Tell
from bot.escape import code

TITLE = "codemod: the configuration has a mistake"
LABEL = "codemod-config"  # what only those who may write can put on an issue
SUBJECT = "the configuration"
MARKER = re.compile(r"<!-- codemod:config ([0-9a-f]{16}|mended) -->")
MENDED = "<!-- codemod:config mended -->"


def mistaken(mistake: str, notices: Sequence[Notice]) -> Tell:
    """What to do about a mistake; `notices` are those of the bot, newest first.

    One that a person closed is not opened again for the same mistake.
    """
    body = worded(mistake)
    same = mark_of(body)
    for notice in notices:
        if notice.open and mark_of(notice.body) == same:
            return Tell(mistake, known=f"issue {notice.number} tells of it")
        if not notice.open and mark_of(notice.body) == same:
            return Tell(mistake, known=f"issue {notice.number} was closed by hand")
    there = next((notice for notice in notices if notice.open), None)
    return Tell(mistake, body, there)


def mended(notices: Sequence[Notice]) -> Iterator[Settle]:
    """Every notice that is still open has to be closed."""
    for notice in notices:
        if notice.open:
            rest = MARKER.sub("", notice.body).rstrip()
            yield Settle(notice, f"> **Mended.** Thank you.\n\n{rest}\n\n{MENDED}\n")


def worded(mistake: str) -> str:
    mark = sha256(mistake.encode("utf-8", "replace")).hexdigest()[:16]
    return f"""\
The bot leaves this repository alone until this is mended:

{code(mistake[:2000])}

`codemod-bot check-config .` tells whether it is. I close this issue then.

<!-- codemod:config {mark} -->
"""


def mark_of(body: str) -> str:
    """What mistake a body is about; "" if none."""
    found = MARKER.findall(body)
    return found[-1] if found else ""
