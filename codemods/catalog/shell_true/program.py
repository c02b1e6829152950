"""What a command runs: its program's name and the variables set for it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from codemods.catalog.shell_true.tokens import Refused, Text, Word


@dataclass(frozen=True, slots=True)
class Assignment:
    """`NAME=value` before the command."""

    name: str
    value: Word


@cache
def word_list(name: str) -> frozenset[str]:
    """One list of `words.toml`."""
    text = resources.files(__package__).joinpath("words.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)[name])


def assignment(word: Word) -> Assignment | None:
    """`NAME=value`; None for a word that is none. Raises Refused where it matters."""
    match word.pieces[:1]:
        case [Text(value, "bare")] if "=" in value:
            name, _, rest = value.partition("=")
        case _:
            return None
    if not (name.isascii() and name.isidentifier()):
        return None
    if name in word_list("variables"):
        raise Refused(f"`{name}=`", "is a variable of the shell's own", word.start)
    first = (Text(rest, "bare"),) if rest else ()
    return Assignment(name, Word((*first, *word.pieces[1:]), word.start, word.end))


def without_exec(words: list[Word]) -> list[Word]:
    """The command behind `exec`, which takes the shell's place."""
    match words:
        case [first, second, *_] if first.text == "exec" and second.text:
            return words if second.text[0] == "-" else words[1:]
    return words


def check_program(word: Word) -> None:
    """Refuse a command word that is no program, or need not be one."""
    name = word.text
    if name is not None:
        check_name(name, word)
    elif any(isinstance(p, Text) and set(p.value) & set("={}") for p in word.pieces):
        raise Refused("the command word", "may be an assignment", word.start)


def check_name(name: str, word: Word) -> None:
    if not name:
        raise Refused("the command word", "is empty", word.start)
    if name in word_list("reserved"):
        raise Refused(f"`{name}`", "needs a shell: it is a reserved word", word.start)
    if name in word_list("builtins"):
        raise Refused(f"`{name}`", "needs a shell: it is a builtin", word.start)
    if name in word_list("windows") or name.lower().endswith((".bat", ".cmd")):
        raise Refused(f"`{name}`", "is a command of Windows", word.start)
    if name[0] in "-+%":
        raise Refused(f"`{name}`", "is no program's name", word.start)
    if set(name) & set("={}"):
        raise Refused(f"`{name}`", "may be an assignment", word.start)
