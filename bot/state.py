"""What a pull request remembers: a hidden marker in its body, and its checkboxes."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

MARKER = re.compile(r"<!-- codemod:state 1 ([0-9a-f]{8}) ([A-Za-z0-9_=-]+) -->")
KEY = re.compile(r"[0-9a-f]{16}\.[0-9a-f]{8}")
REBUILD, IGNORE = "rebuild", "ignore"  # boxes that are about the whole
BOX = re.compile(
    rf"^[ \t]*[-*+] \[([ xX])\] <!-- codemod:({KEY.pattern}|{REBUILD}|{IGNORE}) -->",
    re.MULTILINE,
)
LARGEST = 1 << 20  # bytes of a marker's text; more is not ours


@dataclass(frozen=True, slots=True)
class State:
    """What was proposed when the body was written.

    `proposed`, `offered` and `vetoed` are keys of changes; `ended` says why the bot
    closed the pull itself; `checks` is what a draft was told about them: see Proposal.
    `search`, `suspects`, `blamed` and `because` are of the search for what makes them
    fail: see bot.search.
    """

    codemod: str
    base: str
    head: str
    result: str
    config: str
    version: str
    ended: str = ""
    checks: str = ""
    search: str = ""
    because: str = ""
    proposed: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    vetoed: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()


TEXTS = (
    *("codemod", "base", "head", "result", "config", "version", "ended", "checks"),
    *("search", "because"),
)
KEYS = ("proposed", "offered", "vetoed", "suspects", "blamed")


def printed(state: State) -> str:
    """The state as an HTML comment that nothing in a body can break."""
    values = [getattr(state, field.name) for field in fields(State)]
    data = zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 9)
    text = base64.urlsafe_b64encode(data).decode()
    return f"<!-- codemod:state 1 {zlib.crc32(data):08x} {text} -->"


def parsed(body: str) -> State | None:
    """The state in a body: the last marker that is whole, or None."""
    for match in reversed(list(MARKER.finditer(body))):
        state = decoded(match[1], match[2])
        if state is not None:
            return state
    return None


def decoded(checksum: str, text: str) -> State | None:
    try:
        data = base64.urlsafe_b64decode(text)
        if f"{zlib.crc32(data):08x}" != checksum:
            return None
        values = json.loads(zlib.decompressobj().decompress(data, LARGEST))
        given = dict(zip((*TEXTS, *KEYS), values, strict=True))
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        return None
    if not all(isinstance(given[name], str) for name in TEXTS):
        return None
    if not all(is_keys(given[name]) for name in KEYS):
        return None
    return State(**given | {name: tuple(given[name]) for name in KEYS})


def is_keys(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str) and KEY.fullmatch(item) for item in value
    )


def ticks(body: str) -> dict[str, bool]:
    """Whether each change's box is ticked; of a key that stands twice, the first."""
    found: dict[str, bool] = {}
    for mark, name in BOX.findall(body):
        if KEY.fullmatch(name):
            found.setdefault(name, mark != " ")
    return found


def asked_anew(body: str) -> bool:
    """Whether the box is ticked that hands a branch back to the bot."""
    return is_ticked(body, REBUILD)


def turned_off(body: str) -> bool:
    """Whether the box is ticked by which a codemod is not to be proposed any more."""
    return is_ticked(body, IGNORE)


def is_ticked(body: str, name: str) -> bool:
    """Of several boxes the last counts: what the repository holds stands above it."""
    marks = [mark for mark, found in BOX.findall(body) if found == name]
    return bool(marks) and marks[-1] != " "


def clicked(body: str, name: str, on: bool) -> str:
    """The body with a box ticked or not; one that is not there is put at its end."""
    boxes = [found for found in BOX.finditer(body) if found[2] == name]
    if not boxes:
        at = max((found.start() for found in MARKER.finditer(body)), default=len(body))
        head = body[:at].rstrip() + "\n\n" if body[:at].strip() else ""
        return f"{head}{box(name, on)} `{name}`\n\n{body[at:]}"
    one = boxes[0] if KEY.fullmatch(name) else boxes[-1]
    return f"{body[: one.start(1)]}{'x' if on else ' '}{body[one.end(1) :]}"


def with_vetoes(body: str, keys: Iterable[str]) -> str:
    """The body with a marker that remembers changes as turned down, if it has one."""
    state = parsed(body)
    if state is None:
        return body
    vetoed = tuple(sorted({*state.vetoed, *keys}))
    rest = MARKER.sub("", body).rstrip()
    return f"{rest}\n\n{printed(replace(state, vetoed=vetoed))}\n"


def box(name: str, on: bool = False) -> str:
    return f"- [{'x' if on else ' '}] <!-- codemod:{name} -->"
