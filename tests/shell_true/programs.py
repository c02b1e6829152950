"""Random programs that run a command with placeholders through a shell."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ANY = (
    "",
    "a b",
    "-x",
    "it's",
    'say "x"',
    "$HOME",
    "`id`",
    "a\nb",
    "*",
    "~",
    "#",
    "é 日",
    "a;b",
)
NO_SINGLE = tuple(value for value in ANY if "'" not in value)
NO_DOUBLE = tuple(value for value in ANY if not set(value) & set('"$`\\'))
LISTS: tuple[list[str], ...] = (
    [],
    ["a b"],
    ["", "-x", "it's"],
    ["a", "*", "$HOME", "é"],
)


@dataclass(frozen=True, slots=True)
class Program:
    """Source of a function `main`, and the arguments to call it with."""

    code: str
    arguments: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """An argument of the command: a placeholder and the text around it."""

    before: str
    expression: str = ""
    behind: str = ""
    directive: str = "s"


def programs(seed: int) -> Iterator[Program]:
    """An endless row of programs, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        pieces = [chance.choice(PIECES) for _ in range(chance.randint(1, 4))]
        before = []
        if chance.random() < 0.5:
            pieces.insert(chance.randint(0, len(pieces)), SHOWN)
            before = [chance.choice(BEFORE)]
        style = chance.choice(STYLES)
        lines, command = chance.choice(PLACES)(style(pieces), style, pieces, chance)
        call = chance.choice(CALLS).replace("{command}", command)
        end = chance.choice(ENDS)
        body = "\n".join([*before, *lines, call + end])
        signature = "x: str, y: str, q: str, n: int, f: float, c: bool, ps: list[str]"
        code = (
            "import os\nimport shlex\nimport subprocess\n\n\n"
            f"def main({signature}):\n{textwrap.indent(body, '    ')}\n"
        )
        arguments = tuple(values(chance) for _ in range(4))
        yield Program(code, arguments)


def values(chance: random.Random) -> dict[str, object]:
    return {
        "x": chance.choice(NO_SINGLE),
        "y": chance.choice(NO_DOUBLE),
        "q": chance.choice(ANY),
        "n": chance.choice((0, -5, 12)),
        "f": chance.choice((0.5, -2.25, 1e20)),
        "c": chance.random() < 0.5,
        "ps": list(chance.choice(LISTS)),
    }


PIECES = (
    Piece("plain"),
    Piece("'a  b'"),
    Piece('"c d"\\ e'),
    Piece("'", "x", "'"),
    Piece('"', "y", '"'),
    Piece("--x='", "x", "'"),
    Piece('"', "y", "\"'  '"),
    Piece("", "shlex.quote(q)", ""),
    Piece("--q=", "shlex.quote(q)", ".txt"),
    Piece("", "n", "", "d"),
    Piece("-n", "n", ""),
    Piece("", "f", "", ".2f"),
    Piece("", "('-v' if c else '')", ""),
    Piece("", "(f'--q {shlex.quote(q)}' if c else '-w')", ""),
    Piece("", "' '.join(shlex.quote(p) for p in ps)", ""),
    Piece("", "' '.join(map(shlex.quote, ps))", ""),
    Piece("", "shlex.join(ps)", ""),
    Piece("", "shlex.quote('--p=' + q)", ""),
    Piece("", "str(n)", ""),
)


def f_string(pieces: list[Piece]) -> str:
    text = "rec"
    for piece in pieces:
        text += " " + braces(piece.before)
        if piece.expression:
            spec = "" if piece.directive in "sd" else f":{piece.directive}"
            text += f"{{{piece.expression}{spec}}}{braces(piece.behind)}"
    return f"f'''{escaped(text)}'''"


def braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def percent(pieces: list[Piece]) -> str:
    text, given = "rec", []
    for piece in pieces:
        text += " " + piece.before
        if piece.expression:
            text += f"%{piece.directive}{piece.behind}"
            given.append(piece.expression)
    tail = f" % ({', '.join(given)},)" if given else ""
    return f"{text!r}{tail}"


def formatted(pieces: list[Piece]) -> str:
    text, given = "rec", []
    for piece in pieces:
        text += " " + piece.before
        if piece.expression:
            spec = "" if piece.directive == "s" else f":{piece.directive}"
            text += f"{{{spec}}}{piece.behind}"
            given.append(piece.expression)
    return f"{text!r}.format({', '.join(given)})"


def added(pieces: list[Piece]) -> str:
    terms = ["'rec'"]
    for piece in pieces:
        terms.append(repr(" " + piece.before))
        if piece.expression:
            text = {"n": "str(n)", "f": "'%.2f' % f", "z": "str(z)"}.get(
                piece.expression
            )
            terms += [f"({text or piece.expression})", repr(piece.behind)]
    return " + ".join(terms)


Style = Callable[[list[Piece]], str]
Place = Callable[[str, Style, list[Piece], random.Random], tuple[list[str], str]]
STYLES: tuple[Style, ...] = (f_string, f_string, percent, formatted, added)


def inline(
    text: str, style: Style, pieces: list[Piece], chance: random.Random
) -> tuple[list[str], str]:
    return [], text


def variable(
    text: str, style: Style, pieces: list[Piece], chance: random.Random
) -> tuple[list[str], str]:
    shown = ["print(command)"] if chance.random() < 0.3 else []
    return [f"command = {text}", *shown], "command"


def growing(
    text: str, style: Style, pieces: list[Piece], chance: random.Random
) -> tuple[list[str], str]:
    lines = [f"command = {style(pieces[:1])}"]
    for piece in pieces[1:]:
        part = style([piece]).replace("rec ", " ", 1)
        if part == style([piece]):
            part = part.replace("'rec' + ", "", 1)
        lines.append(
            f"if c:\n    command += {part}"
            if chance.random() < 0.4
            else f"command += {part}"
        )
    return lines, "command"


def branches(
    text: str, style: Style, pieces: list[Piece], chance: random.Random
) -> tuple[list[str], str]:
    return [f"if c:\n    command = {text}\nelse:\n    command = 'rec other'"], "command"


PLACES: tuple[Place, ...] = (inline, inline, variable, variable, growing, branches)
CALLS = (
    "subprocess.run({command}, shell=True)",
    "subprocess.run({command}, check=False, shell=True, timeout=9)",
    "subprocess.Popen({command}, shell=True).communicate()",
    "subprocess.call({command}, shell=True)",
    "os.system({command})",
    "subprocess.run({command} + ' 2>&1', shell=True, capture_output=True)",
    "subprocess.run('A=1 ' + {command} + ' >/dev/null <in', shell=True)",
    "subprocess.run({command} + ' >>out', shell=True)",
)
ENDS = ("", "\nprint(x, q)")


# What may be done to values before the command is made of them.
BEFORE = (
    "z = shlex.quote(q)",
    "z = shlex.quote(q)\nq = 'changed'",
    "z = q + 'z'\nz = shlex.quote(z)",
    "z = f'--z={shlex.quote(q)} -y'",
    "z = f'--z={shlex.quote(q)}'\nq = 'changed'",
    "z = ' '.join(shlex.quote(p) for p in ps)",
    "z = ' '.join(shlex.quote(p) for p in ps)\nps.append('late')",
    "z = ' '.join([shlex.quote(q), '-v'])",
    "quoted = [shlex.quote(p) for p in ps]\nz = ' '.join(quoted)",
    "quoted = [shlex.quote(p) for p in ps]\nquoted.append('-v')\nz = ' '.join(quoted)",
    "z = '-v' if c else ''",
    "z = '-v'\nif c:\n    z = '-w'",
    "z = '-v'\nif c:\n    z = '-w -x'",
    "z = shlex.quote(q) if c else ''",
    "z = n",
    "n += 1\nz = n",
    "z = 'a'.replace('a', 'b')",
)
SHOWN = Piece("", "z", "")
