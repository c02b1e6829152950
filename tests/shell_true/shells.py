"""Random commands, and what real shells make of them.

Nothing but a recorder is ever on PATH, under every name that a command may have, and
the working directory is a new one.
"""

from __future__ import annotations

import random
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.program import word_list
from codemods.catalog.shell_true.script import Command, read
from codemods.catalog.shell_true.tokens import Hole, Refused, Slot, Word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDER = r"""#!/bin/sh
IFS= read -r line
printf '%s\0' "${0##*/}" "$#" "$@" "${A-unset}" "${B-unset}" "$line" >>"$RECORD"
echo out
echo err >&2
exit 7
"""
AROUND = r"""
{ IFS= read -r a; IFS= read -r b; } <.out
{ IFS= read -r c; IFS= read -r d; } <.err
printf 'end\0%s\0%s\0%s\0%s\0%s\0' "$s" "$a" "$b" "$c" "$d" >>"$RECORD"
"""
STATUS = "7"
INPUTS = {"in": "from in", "in put": "from in put"}

NAMES = ("rec", "r'e'c", 'r"e"c', "\\rec", "'rec'", "re\\\nc", "exec rec", "r''ec")
OTHER_NAMES = (
    "-x",
    "+x",
    "%1",
    "a=b",
    "=",
    "A+=1",
    "'cd'",
    "{}",
    "}",
    "./rec",
    "1",
    "",
)
PREFIXES = ("", "", "", "A=1 ", "B='x y' ", 'A="1"2 B= ', "A=~ ", "\t", "\n", "<in ")
SUFFIXES = ("", "", "", "", ";", "\n", " 2>&1", " >f", " >>'f 1'", " <in", " <'in put'")
MORE_SUFFIXES = (">/dev/null", " 1>&2", " 2>f2", " >/dev/null 2>&1", " 2>&1 >f", "10>f")
PLAIN = (
    "a",
    "b1",
    "-x",
    "+y",
    "%d",
    "--k=v",
    "x:y",
    "1",
    "2",
    "é",
    "日",
    "/",
    ",",
    "..",
)
ODD = (
    "=",
    ":",
    "~",
    "#",
    "{",
    "}",
    "{}",
    "!",
    "^",
    "@",
    "]",
    "\r",
    "\xa0",
    "\u3000",
    "%",
)
QUOTES = (
    "'",
    '"',
    "\\",
    "''",
    '""',
    "'a b'",
    '"c d"',
    "\\\\",
    "\\'",
    '\\"',
    "\\ ",
    "\\\n",
)
BLANKS = (" ", " ", " ", "\t", "  ")
SHELL = ("$", "`", "*", "?", "[", "(", ")", "|", "&", ";", "<", ">", "\n", "&&", "2>")
VALUES = (
    "a b",
    "",
    "-x",
    "it's",
    'say "x"',
    "$HOME",
    "`x`",
    "a\nb",
    "*",
    "~",
    "#",
    "é",
)
SAFE_VALUES = ("a", "a.b", "-x", "k=v", "x:y", "%", "+a", "@", "a,b", "2", "é")


@dataclass(frozen=True, slots=True)
class Value:
    """What a placeholder holds, and how the program put it into the text."""

    value: str
    quoted: bool

    @property
    def rendered(self) -> str:
        return shlex.quote(self.value) if self.quoted else self.value


Sample = tuple[str | Value, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a child was given: what it recorded, its status, what its streams held."""

    name: str
    arguments: tuple[str, ...]
    a: str
    b: str
    line: str
    status: str
    out: tuple[str, ...]
    err: tuple[str, ...]


def samples(seed: int, names: tuple[str, ...] = NAMES) -> Iterator[Sample]:
    """An endless row of commands, the same for the same seed."""
    chance = random.Random(seed)
    weights = (30, 12, 30, 30, 2)
    groups = (PLAIN, ODD, QUOTES, BLANKS, SHELL)
    while True:
        parts: list[str | Value] = [chance.choice(PREFIXES), chance.choice(names), " "]
        for group in chance.choices(groups, weights, k=chance.randint(0, 9)):
            parts.append(chance.choice(group))
            if chance.random() < 0.06:
                parts.extend(placeholder(chance))
        if chance.random() < 0.3:
            parts.append(chance.choice(SUFFIXES + MORE_SUFFIXES))
        yield tuple(parts)


def placeholder(chance: random.Random) -> tuple[str | Value, ...]:
    match chance.randrange(5):
        case 0:
            return ("'", Value(chance.choice(VALUES), False), "'")
        case 1:
            return ('"', Value(chance.choice(VALUES), False), '"')
        case 2:
            return (Value(chance.choice(SAFE_VALUES), False),)
    return (Value(chance.choice(VALUES + SAFE_VALUES), True),)


def every_name() -> tuple[str, ...]:
    """Command words of all kinds: to be refused, or else to be run."""
    names = {
        name for kind in ("reserved", "builtins", "twins") for name in word_list(kind)
    }
    return (*OTHER_NAMES, *sorted(names))


def rendered(sample: Sample) -> str:
    return "".join(p if isinstance(p, str) else p.rendered for p in sample)


def expected(sample: Sample) -> Seen | None:
    """What the lexer says that the child gets; None where it refuses or cannot say."""
    values = [part for part in sample if isinstance(part, Value)]
    numbers = iter(range(len(values)))
    template = tuple(p if isinstance(p, str) else Hole(next(numbers)) for p in sample)
    try:
        script = read(template)
        if script.joins or script.directory:
            return None
        return foreseen(script.commands[0], values)
    except (Refused, Unforeseen):
        return None


class Unforeseen(Exception):
    """The lexer takes it, but it is no case for this comparison."""


def foreseen(command: Command, values: list[Value]) -> Seen:
    name, *arguments = (filled(word, values) for word in command.words)
    if any(isinstance(piece, Slot) for piece in command.words[0].pieces):
        raise Unforeseen
    if name in word_list("twins") or "/" in name or name in (".", ".."):
        raise Unforeseen
    variables = {"A": "unset", "B": "unset"}
    variables |= {a.name: filled(a.value, values) for a in command.assignments}
    line = "given"
    streams = {1: "out", 2: "err"}
    for redirection in command.redirections:
        target = filled(redirection.target, values)
        match redirection.operator:
            case "<" if target in INPUTS:
                line = INPUTS[target]
            case ">&":
                streams[redirection.descriptor] = streams[int(target)]
            case ">" | ">>" if re.fullmatch(r"/dev/null|[^/.\0][^/\0]*", target):
                streams[redirection.descriptor] = "elsewhere"
            case _:
                raise Unforeseen
    held = {
        stream: tuple(
            text
            for number, text in ((1, "out"), (2, "err"))
            if streams[number] == stream
        )
        for stream in ("out", "err")
    }
    a, b = variables["A"], variables["B"]
    return Seen(name, tuple(arguments), a, b, line, STATUS, held["out"], held["err"])


def filled(word: Word, values: list[Value]) -> str:
    """A word with its values; raises where the codemod's table does not promise it."""
    text = ""
    for piece in word.pieces:
        if not isinstance(piece, Slot):
            text += piece.value
            continue
        value = values[piece.number]
        match piece.quoting:
            case "bare" if value.quoted or value.value in SAFE_VALUES:
                text += value.value
            case "single" if not value.quoted and "'" not in value.value:
                text += value.value
            case "double" if not value.quoted and not set(value.value) & set('"$`\\'):
                text += value.value
            case _:
                raise Unforeseen
    return text


@dataclass(frozen=True, slots=True)
class Shells:
    """A directory with nothing but the recorder in it."""

    root: Path

    @classmethod
    def prepare(cls, root: Path) -> Shells:
        (root / "bin").mkdir()
        (root / "cwd").mkdir()
        (root / "bin" / "rec").write_text(RECORDER)
        (root / "bin" / "rec").chmod(0o755)
        for name, text in {**INPUTS, ".given": "given"}.items():
            (root / "cwd" / name).write_text(f"{text}\nmore\n")
        return cls(root)

    def install(self, names: set[str]) -> None:
        """Put the recorder on PATH under more names."""
        for name in names - {path.name for path in (self.root / "bin").iterdir()}:
            (self.root / "bin" / name).symlink_to("rec")

    def run(self, shell: str, texts: list[str]) -> list[Seen | None]:
        """What the child got from each command, None where none was run."""
        record = self.root / "record"
        record.write_bytes(b"")
        program = shlex.quote(str(shutil.which(shell)))
        lines = [
            f"{program} -c {shlex.quote(text)} <.given >.out 2>.err; s=$?{AROUND}"
            for text in texts
        ]
        path = str(self.root / "bin")
        subprocess.run(
            ["/bin/sh", "-s"],
            input="".join(lines),
            text=True,
            check=True,
            cwd=self.root / "cwd",
            env={"PATH": path, "RECORD": str(record), "LC_ALL": "C.UTF-8"},
        )
        fields = iter(record.read_bytes().decode().split("\0")[:-1])
        return [recorded(fields) for _ in texts]


def recorded(fields: Iterator[str]) -> Seen | None:
    name = next(fields)
    child: list[str] = []
    if name != "end":
        child = [next(fields) for _ in range(int(next(fields)) + 3)]
        assert next(fields) == "end", (name, child)
    status, a, b, c, d = (next(fields) for _ in range(5))
    if name == "end":
        return None
    *arguments, first, second, line = child
    out = tuple(text for text in (a, b) if text)
    err = tuple(text for text in (c, d) if text)
    return Seen(name, tuple(arguments), first, second, line, status, out, err)
