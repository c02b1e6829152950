"""Made-up values by kind, the simplest first. A trial's program imports this file.

Plain values are words without blanks or anything else that a shell would read; the
others hold what a placeholder should survive. Runs on any Python 3: standard library
only, nothing of ours.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

TEXT = ("x", "abc", "a.b-c_1", "part/name.txt", "-v", "é", "k=v", "12")
ODD_TEXT = (
    "a b",
    "",
    "it's",
    'say "x"',
    "$HOME",
    "`id`",
    "a\nb",
    "*",
    "~",
    "#",
    "a;b",
    "a\\b",
    "-x y",
    " é 日 ",
)
WHOLE = (1, 0, -5, 12, 10**20)
NUMBERS = (1.5, 0.0, -2.25, 1e20, 3)
PATHS = (Path("x"), Path("part/name.txt"))
ODD_PATHS = (Path("a b"), Path("it's"), Path("$HOME"), Path())
LISTS: tuple[Any, ...] = (["x"], ["x", "abc"], [])
ODD_LISTS = (["a b"], ["", "-x", "it's"], ["*", "$HOME", "é"])
MAPS: tuple[Any, ...] = ({"K": "v"}, {})
ODD_MAPS = ({"K": "a b"}, {"K": "", "L": "$HOME"})
PLACES = ("cwd", "env", "stdin", "stdout", "stderr", "timeout", "encoding", "errors")
SWITCHES = (
    "check",
    "text",
    "universal_newlines",
    "capture_output",
    "close_fds",
    "start_new_session",
    "restore_signals",
)


def values(kind: str, odd: bool) -> tuple[Any, ...]:
    """The values of a kind; with `odd`, those that are not plain as well."""
    plain, more = _values(kind)
    return (*plain, *more) if odd else plain


def _values(kind: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    if kind.startswith("among "):
        return tuple(json.loads(kind[6:])), ()
    found = {
        "text": (TEXT, ODD_TEXT),
        "integer": (WHOLE, ()),
        "number": ((*NUMBERS, *WHOLE), ()),
        "flag": ((True, False), ()),
        "none": ((None,), ()),
        "path": (PATHS, ODD_PATHS),
        "texts": (LISTS, ODD_LISTS),
        "mapping": (MAPS, ODD_MAPS),
        "program": (("python3", "my python"), ()),
        "bytes": ((b"x", b""), (b"\xff",)),
        "options": (({},), ()),
        "any": ((*TEXT, *WHOLE, *PATHS), (*ODD_TEXT, *NUMBERS, *ODD_PATHS)),
    }.get(kind)
    return found or (_keyword(kind.partition(" ")[2]), ())


def _keyword(name: str) -> tuple[Any, ...]:
    """Values for an argument of subprocess; None, which leaves it out, where unsure."""
    if name in SWITCHES:
        return (True, False)
    if name == "env":
        return (dict(os.environ), dict(os.environ, K="v w"))
    if name in ("stdin", "stdout", "stderr"):
        return (None, -3)
    known = {"cwd": (None, "."), "timeout": (None, 60), "encoding": (None, "utf-8")}
    return known.get(name, (None,))


def chosen(chance: random.Random, kinds: list[str], odd: bool) -> Any:
    """One value of one of the kinds."""
    return chance.choice(values(chance.choice(kinds), odd))


def simpler(kinds: list[str]) -> list[Any]:
    """All values of the kinds, the simplest first: what a counterexample is made of."""
    plain = [value for kind in kinds for value in values(kind, False)]
    return plain + [v for kind in kinds for v in values(kind, True) if v not in plain]
